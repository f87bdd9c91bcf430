/** Enums of the graph: values that mean themselves, each with words for what it stands for. */
import { registerEnumType } from 'type-graphql';

/** `values`: what each means, in words or in something that has words for it. */
export function describedEnum(
  name: string,
  description: string,
  values: Readonly<Record<string, string | { description: string }>>,
): Record<string, string> {
  const made = Object.fromEntries(Object.keys(values).map((value) => [value, value]));
  registerEnumType(made, {
    name,
    description,
    valuesConfig: Object.fromEntries(
      Object.entries(values).map(([value, meaning]) => [
        value,
        { description: typeof meaning === 'string' ? meaning : meaning.description },
      ]),
    ),
  });
  return made;
}

/** A closed list of a publisher, each value in the publisher's own words where it has no others. */
export const listedEnum = (
  name: string,
  description: string,
  list: readonly { value: string; name: string; description?: string }[],
): Record<string, string> =>
  describedEnum(
    name,
    description,
    Object.fromEntries(list.map((entry) => [entry.value, entry.description ?? `${entry.name}.`])),
  );
