/**
 * Documents that have been found valid, by their text: asked again, they are not parsed and checked again. What is
 * remembered is bounded, and is of the schema alone: it holds whatever the data are.
 */
import {
  type DocumentNode,
  type GraphQLSchema,
  getOperationAST,
  Kind,
  type OperationDefinitionNode,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import { LRUCache } from 'lru-cache';
import type { FieldExtensions } from '../../schema/select/field-sql.js';
import { type Document, fragmentsOf } from '../../schema/select/plan.js';

/** Of all texts together. A parsed document takes some fifty times its text. */
const MOST_CHARACTERS = 1_000_000;

interface KnownDocument {
  document: DocumentNode;
  fragments: Document['fragments'];
  /** A field of it can change while the data stand: see Moves. */
  moves: boolean;
  /** Variables that rows are only looked up by, wherever they stand: see LooksUpBy. */
  lookedUpBy: ReadonlySet<string>;
}

export interface KnownOperation extends Omit<KnownDocument, 'document'> {
  operation: OperationDefinitionNode;
}

export class KnownOperations {
  private readonly documents = new LRUCache<string, KnownDocument>({
    maxSize: MOST_CHARACTERS,
    sizeCalculation: (_document, text) => text.length + 1,
  });

  constructor(private readonly schema: GraphQLSchema) {}

  /** Whether a text is known to be valid. */
  has(text: string): boolean {
    return this.documents.has(text);
  }

  /** Keeps a valid document. */
  remember(text: string, document: DocumentNode): void {
    if (this.documents.has(text)) return;
    this.documents.set(text, { document, fragments: fragmentsOf(document), ...this.fieldsOf(document) });
  }

  /** The query of this name in a text that is known to be valid; null where it is not known, or is no query. */
  find(text: string, name: string | null | undefined): KnownOperation | null {
    const known = this.documents.get(text);
    const operation = known && getOperationAST(known.document, name);
    if (operation?.operation !== 'query') return null;
    const { fragments, moves, lookedUpBy } = known!;
    return { operation, fragments, moves, lookedUpBy };
  }

  /** What the fields of a document say of it. */
  private fieldsOf(document: DocumentNode): Pick<KnownDocument, 'moves' | 'lookedUpBy'> {
    let moves = false;
    const variables = { lookedUpBy: new Set<string>(), others: new Set<string>() };
    const types = new TypeInfo(this.schema);
    const extensions = () => types.getFieldDef()?.extensions as FieldExtensions | undefined;
    visit(
      document,
      visitWithTypeInfo(types, {
        Directive: (node) => {
          for (const { value } of node.arguments ?? [])
            if (value.kind === Kind.VARIABLE) variables.others.add(value.name.value);
          return false;
        },
        VariableDefinition: () => false,
        Field: () => {
          moves ||= extensions()?.moves === true;
        },
        Variable: ({ name }, _key, parent) => {
          const argument = parent && 'kind' in parent && parent.kind === Kind.ARGUMENT && parent.name.value;
          const { looksUpBy } = extensions() ?? {};
          variables[argument === looksUpBy ? 'lookedUpBy' : 'others'].add(name.value);
        },
      }),
    );
    return {
      moves,
      lookedUpBy: new Set([...variables.lookedUpBy].filter((name) => !variables.others.has(name))),
    };
  }
}
