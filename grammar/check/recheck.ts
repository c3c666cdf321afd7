/**
 * The check of a recipe that is being edited: a statement whose text, and all that it read of others, is as before is not
 * checked again. What it finds is what checking the whole recipe finds.
 *
 * Every statement keeps the offsets under which it was checked first, while the text moves around it; new ones get offsets of
 * their own behind all others. Only findings are told at the offsets of now. Whoever wants the steps of an edited recipe has
 * them from a whole check, made when they are asked for.
 */
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { movedStatement } from '../syntax/moved.ts';
import type { Parsed } from '../syntax/parse.ts';
import type { ReadPiece } from '../syntax/piece.ts';
import type { Span } from '../syntax/span.ts';
import type { Name, Statement } from '../syntax/tree.ts';
import {
  check,
  type CheckInput,
  checkingOf,
  concluded,
  importedNames,
  lintWhole,
  nothingFound,
  orderedFindings,
} from './check.ts';
import type { Checked, HeaderAnswer } from './checked.ts';
import { beginStatement, type Checking, type Declaration } from './checking.ts';
import { type Account, addAgain, Journal, stillHolds, WatchedMap, WatchedSet } from './journal.ts';
import { checkStatement, type Found } from './statement.ts';

export interface RecheckInput extends Omit<CheckInput, 'recipe' | 'diagnostics'> {
  readonly parsed: Parsed;
}

/** A statement at the offsets it is checked under, and where it stands now. */
interface Home {
  readonly statement: Statement;
  /** Added to an offset of the text of now. */
  readonly by: number;
}

/** What one statement added to the lists that the check makes. */
interface Added {
  readonly account: Account;
  readonly wasOpen: boolean;
  readonly isOpen: boolean;
  readonly lists: readonly (readonly unknown[])[];
}

/** Offsets of used recipes begin there. */
const farthest = 2 ** 31;

export class Rechecker {
  private readonly journal = new Journal();
  private readonly declared = new WatchedMap<string, Declaration>(this.journal);
  private readonly everywhere = new WatchedMap<string, Name>(this.journal);
  private readonly headers = new WatchedMap<string, HeaderAnswer>(this.journal);
  private readonly sourceStatements: Checking['sourceStatements'] = new WatchedMap(this.journal);
  private readonly statisticsOf: Checking['statisticsOf'] = new WatchedMap(this.journal);
  private readonly calls: Checking['calls'] = new WatchedMap(this.journal);
  private readonly said: Checking['said'] = new WatchedSet(this.journal);
  private readonly unmet: Checking['unmet'] = new WatchedSet(this.journal);
  private readonly placesRead: Checking['placesRead'] = new WatchedSet(this.journal);
  private homes = new Map<ReadPiece, Home>();
  private known = new Map<Statement, Added>();
  private nextOffset = 0;
  private hadHeaders = false;
  private broughtRows = false;

  check(input: RecheckInput): Checked {
    const { parsed, imports, headers } = input;
    const whole = (): Checked =>
      check({ ...input, recipe: parsed.recipe, diagnostics: parsed.diagnostics });
    if (imports !== undefined && imports.files.size > 0) {
      this.forget();
      return whole();
    }
    const hasHeaders = headers !== undefined;
    if (hasHeaders !== this.hadHeaders) this.known.clear();
    this.hadHeaders = hasHeaders;
    const homes = this.settle(input);
    if (homes === undefined) return whole();
    return this.checkAt(homes, input, whole);
  }

  private forget(): void {
    this.homes.clear();
    this.known.clear();
    this.nextOffset = 0;
  }

  /** The statements where they are checked; undefined where two of them touch, so that an offset would not say whose it is. */
  private settle({ parsed, text }: RecheckInput): readonly Home[] | undefined {
    if (this.nextOffset + text.length > farthest) this.forget();
    if (this.homes.size === 0) this.nextOffset = 0;
    const isFirst = this.nextOffset === 0;
    const homes = new Map<ReadPiece, Home>();
    let end = -1;
    for (const piece of parsed.pieces) {
      const { read } = piece;
      if (read.statement === undefined) continue;
      if (piece.start <= end) return undefined;
      end = read.statement.end + piece.by;
      const before = this.homes.get(read);
      const statement =
        before?.statement ?? this.placed(read.statement, isFirst ? piece.by : undefined);
      homes.set(read, { statement, by: statement.start - piece.start });
    }
    if (isFirst) this.nextOffset = text.length + 1;
    this.homes = homes;
    return [...homes.values()];
  }

  /** At the offsets of the text where it is the first, else at new ones. */
  private placed(statement: Statement, by = this.nextOffset - statement.start): Statement {
    const moved = movedStatement(statement, by);
    this.nextOffset = Math.max(this.nextOffset, moved.end + 1);
    return moved;
  }

  private checkAt(homes: readonly Home[], input: RecheckInput, whole: () => Checked): Checked {
    const { parsed, text } = input;
    const statements = homes.map((home) => home.statement);
    const byOffset = homes.toSorted((a, b) => a.statement.start - b.statement.start);
    const checking = this.begin(input, statements, byOffset);
    if (checking.bringsRows !== this.broughtRows) this.known.clear();
    this.broughtRows = checking.bringsRows;
    const found = nothingFound();
    const known = new Map<Statement, Added>();
    for (const statement of statements) {
      const before = this.known.get(statement);
      const added =
        before !== undefined && isSame(before, checking)
          ? addedAgain(before, checking, found)
          : this.checked(statement, checking, found);
      known.set(statement, added);
    }
    this.known = known;
    lintWhole(checking, { statements }, found, parsed.diagnostics);
    const { reached, findings } = concluded(checking, found, input.headers);
    const diagnostics = orderedFindings(
      findings.map((finding) => movedBack(finding, byOffset)),
      {
        text,
        recipe: parsed.recipe,
        diagnostics: parsed.diagnostics,
        ...(input.allow === undefined ? {} : { allow: input.allow }),
        statements: homes.map(({ statement, by }) => ({
          start: statement.start - by,
          end: statement.end - by,
        })),
        reached,
      },
    );
    const told = { diagnostics, reached };
    const isUnmoved =
      parsed.pieces.every(({ by }) => by === 0) && homes.every(({ by }) => by === 0);
    if (!isUnmoved) return lazily(parsed, told, whole);
    return { recipe: parsed.recipe, ...told, ...found, imports: importedNames(checking) };
  }

  private begin(
    input: RecheckInput,
    statements: readonly Statement[],
    byOffset: readonly Home[],
  ): Checking {
    const { text, headers } = input;
    for (const map of [this.declared, this.sourceStatements, this.statisticsOf, this.calls])
      map.clear();
    for (const set of [this.said, this.unmet, this.placesRead]) set.clear();
    // Nothing asks the recipe for its statements here: they would all be moved to where they stand now.
    const checking = checkingOf({ ...input, recipe: { statements } });
    this.everywhere.fill(checking.scope.everywhere);
    this.headers.fill(headers ?? []);
    return {
      ...checking,
      text: {
        slice: (start = 0, end = start) => {
          const { by } = homeAt(byOffset, start);
          return text.slice(start - by, end - by);
        },
      },
      headers: headers && this.headers,
      scope: { declared: this.declared, everywhere: this.everywhere, open: false },
      sourceStatements: this.sourceStatements,
      statisticsOf: this.statisticsOf,
      said: this.said,
      calls: this.calls,
      unmet: this.unmet,
      placesRead: this.placesRead,
    };
  }

  private checked(statement: Statement, checking: Checking, found: Found): Added {
    const lists = listsOf(checking, found);
    const lengths = lists.map(({ length }) => length);
    const wasOpen = checking.scope.open;
    this.journal.begin();
    beginStatement(checking, statement);
    checkStatement(checking, statement, found);
    return {
      account: this.journal.end(),
      wasOpen,
      isOpen: checking.scope.open,
      lists: lists.map((list, at) => list.slice(lengths[at])),
    };
  }
}

/** The lists that a statement may add to, always in this order. */
function listsOf(checking: Checking, found: Found): readonly unknown[][] {
  const { sources, steps, importedSteps, outputs, expectations } = found;
  return [
    checking.findings,
    checking.randomCalls,
    sources,
    steps,
    importedSteps,
    outputs,
    expectations,
  ];
}

function isSame({ account, wasOpen }: Added, { scope }: Checking): boolean {
  return wasOpen === scope.open && stillHolds(account);
}

function addedAgain(added: Added, checking: Checking, found: Found): Added {
  addAgain(added.account);
  checking.scope.open = added.isOpen;
  listsOf(checking, found).forEach((list, at) => list.push(...added.lists[at]!));
  return added;
}

/** The home that an offset lies in: the last that begins at it or before. */
function homeAt(byOffset: readonly Home[], offset: number): Home {
  let low = 0;
  let high = byOffset.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (byOffset[middle]!.statement.start <= offset) low = middle;
    else high = middle - 1;
  }
  return byOffset[low]!;
}

/** A finding at the offsets of the text of now. */
function movedBack(finding: Diagnostic, byOffset: readonly Home[]): Diagnostic {
  const back = <Place extends Span>(place: Place): Place => {
    const { by } = homeAt(byOffset, place.start);
    return { ...place, start: place.start - by, end: place.end - by };
  };
  const { fixes, related } = finding;
  return {
    ...back(finding),
    ...(fixes && { fixes: fixes.map(({ title, edits }) => ({ title, edits: edits.map(back) })) }),
    ...(related && { related: related.map(back) }),
  };
}

/** The findings at once; all else when it is asked for. */
function lazily(
  { recipe }: Parsed,
  told: Pick<Checked, 'diagnostics' | 'reached'>,
  whole: () => Checked,
): Checked {
  let made: Checked | undefined;
  const all = (): Checked => (made ??= whole());
  return {
    ...told,
    get recipe() {
      return recipe;
    },
    get sources() {
      return all().sources;
    },
    get steps() {
      return all().steps;
    },
    get importedSteps() {
      return all().importedSteps;
    },
    get imports() {
      return all().imports;
    },
    get outputs() {
      return all().outputs;
    },
    get expectations() {
      return all().expectations;
    },
  };
}
