/**
 * The symbols of the Department's standard for statistics today. A file that follows it declares this list; one
 * that does not, its own. Source: Government Statistical Service, "Symbols in tables: definitions and help".
 */
import type { Edition, SymbolDeclaration } from '../../declaration.js';

const STANDARD_SYMBOLS: Record<string, SymbolDeclaration> = {
  x: { status: 'NOT_AVAILABLE', meaning: 'not available, or not collected for that year' },
  z: { status: 'NOT_APPLICABLE', meaning: 'not applicable' },
  c: { status: 'SUPPRESSED', meaning: 'confidential: a small number' },
  k: { status: 'LOW', meaning: 'rounds to zero' },
  low: { status: 'LOW', meaning: 'rounds to zero' },
  u: { status: 'UNRELIABLE', meaning: 'of low reliability' },
};

export const STANDARD_EDITION: Edition = { id: 'standard', marker: null, symbols: STANDARD_SYMBOLS };
