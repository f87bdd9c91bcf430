/**
 * Local authorities are registered by the name of the place alone: Essex. People say what it is too: Essex County Council, the
 * London Borough of Camden, Hull LA.
 */

const IS_ONE =
  '(?:city|county|metropolitan|borough|district|unitary|local|authority|council|corporation|mbc|lbc|la|lea)';
const BEFORE = /^(?:the )?(?:(?:london|royal|metropolitan) )*(?:city|county|borough) of /;
const AFTER = new RegExp(`( ${IS_ONE})+$`);

/** A text without what it says of its being a local authority; null where it says nothing of that. */
export function authorityIn(text: string): string | null {
  const plain = text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}'’]+/gu, ' ')
    .trim();
  const name = plain.replace(BEFORE, '').replace(AFTER, '');
  return name === plain || name === '' ? null : name;
}
