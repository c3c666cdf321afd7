/** A stretch of a recipe's tokens as it was read: a statement, or what stands before the first. */
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { movedDiagnostic, movedStatement } from './moved.ts';
import type { Statement } from './tree.ts';

export interface ReadPiece {
  /** Of its first token. */
  readonly start: number;
  readonly statement: Statement | undefined;
  /** The first slip in it. */
  readonly diagnostics: readonly Diagnostic[];
  /** Braces that statements above leave open, and those that are open behind it. */
  readonly bracesBefore: number;
  readonly bracesBehind: number;
}

/**
 * It knows how far it has moved since it was read.
 * Its statement is moved when somebody asks for it: an edit moves all that stands below it, and most of that is never looked at.
 */
export class Piece {
  /** As it was read: the same object as long as its text stays. */
  readonly read: ReadPiece;
  readonly by: number;
  readonly bracesBefore: number;
  private movedTo: Statement | undefined;

  constructor(read: ReadPiece, by = 0, bracesBefore = read.bracesBefore) {
    this.read = read;
    this.by = by;
    this.bracesBefore = bracesBefore;
  }

  get start(): number {
    return this.read.start + this.by;
  }

  get bracesBehind(): number {
    return this.bracesBefore + this.read.bracesBehind - this.read.bracesBefore;
  }

  get statement(): Statement | undefined {
    const { statement } = this.read;
    if (statement === undefined || this.by === 0) return statement;
    return (this.movedTo ??= movedStatement(statement, this.by));
  }

  get diagnostics(): readonly Diagnostic[] {
    return this.read.diagnostics.map((found) => movedDiagnostic(found, this.by));
  }

  /** The same text elsewhere; undefined where braces left open above it change how it is read. */
  taken({ by, bracesBefore }: { readonly by: number; readonly bracesBefore: number }) {
    const { read } = this;
    const isWhole = read.diagnostics.length === 0 && read.bracesBefore === read.bracesBehind;
    if (bracesBefore !== read.bracesBefore && !isWhole) return undefined;
    if (by === 0 && bracesBefore === this.bracesBefore) return this;
    return new Piece(read, this.by + by, bracesBefore);
  }
}
