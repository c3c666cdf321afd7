/**
 * The state of a running server: the open recipes, what is known of them, and the headers they refer to.
 * Text is checked as soon as it is asked for; headers are read 150 ms after the last change, and looked at every two seconds.
 * A little over the usual length, since all that is known of a recipe is forgotten and found again in one place.
 */
import { dirname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { catalogue } from '../engine/methods/catalogue.ts';
import { readImports, readRecipeText } from '../engine/recipe/read-imports.ts';
import { failure, success, type Result } from '../engine/faults/fault.ts';
import { sourceUnreadable } from '../engine/faults/source-unreadable.ts';
import type { Imports } from '../grammar/check/imports.ts';
import { Rechecker } from '../grammar/check/recheck.ts';
import type { Diagnostic } from '../grammar/diagnostics/diagnostic.ts';
import { parse, type Parsed } from '../grammar/syntax/parse.ts';
import { reparse } from '../grammar/syntax/reparse.ts';
import type { Statement } from '../grammar/syntax/tree.ts';
import { type Analysis, analyse, type ModelAnswer } from './analysis/analysis.ts';
import { carriedOver } from './analysis/carried-over.ts';
import type { Surroundings } from './completion/surroundings.ts';
import { HeaderStore } from './headers/header-store.ts';
import { modelSources } from './headers/sources.ts';
import { surroundingsAt } from './headers/surroundings.ts';
import { isInWorkspace, type Trust } from './headers/trust.ts';
import { documentPath, pathOfUri } from './paths.ts';

export interface SessionOptions {
  readonly trust: Trust;
  /** Codes of warnings that are not shown. */
  readonly allow?: ReadonlySet<string>;
  /** What is known of a recipe has changed though its text has not. */
  readonly changed: (uri: string) => void;
  /** A bug in work that nobody waits for. */
  readonly failed: (error: unknown) => void;
  /** Milliseconds from the last change to the reading of headers, and between two looks at them. */
  readonly headerDelay?: number;
  readonly lookEvery?: number;
}

/** One open recipe. */
interface Open {
  document: TextDocument;
  parsed?: { readonly version: number; readonly text: string; readonly of: Parsed };
  /** Checked as text alone. */
  plain?: Analysis;
  readonly plainly: Rechecker;
  readonly deeply: Rechecker;
  /** Checked with the headers that were known then. */
  deep?: { readonly analysis: Analysis; readonly generation: number };
  /** The recipes it uses, as they were read last. */
  imports?: Imports;
  timer?: NodeJS.Timeout;
}

export class Session {
  private readonly open = new Map<string, Open>();
  private readonly headers: HeaderStore;
  private readonly options: SessionOptions;
  private trust: Trust;
  private allow: ReadonlySet<string>;
  private looks: NodeJS.Timeout | undefined;

  constructor(options: SessionOptions) {
    this.options = options;
    this.trust = options.trust;
    this.allow = options.allow ?? new Set();
    this.headers = new HeaderStore({ trust: options.trust });
  }

  /** A recipe was opened or changed. */
  changed(document: TextDocument): void {
    const { uri } = document;
    const recipe = this.open.get(uri);
    if (recipe === undefined) {
      this.open.set(uri, { document, plainly: new Rechecker(), deeply: new Rechecker() });
    }
    if (recipe !== undefined) recipe.document = document;
    this.readSoon(uri, { isNew: recipe === undefined });
    const path = pathOfUri(uri);
    for (const [user, { imports }] of this.open) {
      if (path !== undefined && imports?.files.has(path) === true) this.readSoon(user);
    }
    this.watch();
  }

  private readSoon(uri: string, { isNew = false }: { readonly isNew?: boolean } = {}): void {
    const recipe = this.open.get(uri)!;
    clearTimeout(recipe.timer);
    recipe.timer = setTimeout(
      () => this.inBackground(this.readHeaders(uri)),
      isNew ? 0 : (this.options.headerDelay ?? 150),
    );
  }

  closed(uri: string): void {
    clearTimeout(this.open.get(uri)?.timer);
    this.open.delete(uri);
    this.headers.drop(uri);
    if (this.open.size === 0) this.end();
  }

  /** No timer is left running. */
  end(): void {
    clearInterval(this.looks);
    this.looks = undefined;
    for (const { timer } of this.open.values()) clearTimeout(timer);
  }

  versionOf(uri: string): number | undefined {
    return this.open.get(uri)?.document.version;
  }

  /** The recipe as it stands, checked with every header that is known by now. */
  analysisOf(uri: string): Analysis | undefined {
    const recipe = this.open.get(uri);
    if (recipe === undefined) return undefined;
    const { generation } = this.headers;
    const { version } = recipe.document;
    const { deep } = recipe;
    if (deep?.analysis.version === version && deep.generation === generation) return deep.analysis;
    const analysis = this.analyse(recipe, this.answersFor(recipe));
    recipe.deep = { analysis, generation };
    return analysis;
  }

  /** The recipe as it stands: with headers where they have been looked at since the last change, else as text alone. */
  textAnalysisOf(uri: string): Analysis | undefined {
    const recipe = this.open.get(uri);
    if (recipe === undefined) return undefined;
    const { analysis } = recipe.deep ?? {};
    return analysis?.version === recipe.document.version ? analysis : this.plainAnalysis(recipe);
  }

  /**
   * What is wrong, without delay: where the headers have not been asked again since the last change, what the text tells,
   * with what the headers told of the lines that are still the same.
   */
  findingsOf(
    uri: string,
  ): { readonly analysis: Analysis; readonly findings: readonly Diagnostic[] } | undefined {
    const recipe = this.open.get(uri);
    if (recipe === undefined) return undefined;
    const { version } = recipe.document;
    const { deep } = recipe;
    if (deep === undefined) {
      const analysis = this.plainAnalysis(recipe);
      return { analysis, findings: analysis.checked.diagnostics };
    }
    if (deep.analysis.version === version) {
      const analysis = this.analysisOf(uri)!;
      return { analysis, findings: analysis.checked.diagnostics };
    }
    const analysis = this.plainAnalysis(recipe);
    return { analysis, findings: carriedOver(deep.analysis, analysis) };
  }

  /** A recipe as it is open, else as it lies on this machine, with what it uses: checked as text. */
  async recipeAt(path: string): Promise<Result<Analysis>> {
    for (const [uri, recipe] of this.open) {
      if (pathOfUri(uri) !== path) continue;
      await this.readUsed(recipe);
      return success(this.textAnalysisOf(uri) ?? this.plainAnalysis(recipe));
    }
    const text = await this.textOf(path);
    if (!text.ok) return text;
    const parsed = parse(text.value);
    const imports = await readImports(parsed.recipe, path, (file) => this.textOf(file));
    const uri = pathToFileURL(path).href;
    return success(analyse({ uri, version: 0, text: text.value, catalogue, parsed, imports }));
  }

  /** What each open recipe uses. */
  allImports(): readonly Imports[] {
    return [...this.open.values()].flatMap(({ imports }) => imports ?? []);
  }

  folderOf(uri: string): string | undefined {
    const path = documentPath(uri);
    return path === undefined ? this.trust.folders[0] : dirname(path);
  }

  surroundingsOf(uri: string): Surroundings {
    return surroundingsAt(this.folderOf(uri), this.trust);
  }

  setTrust(trust: Partial<Trust>): void {
    this.trust = { ...this.trust, ...trust };
    this.inBackground(
      this.headers.setTrust(this.trust).then((isOther) => isOther && this.tellAll()),
    );
  }

  /** What is found from now on lacks the warnings of these codes. */
  setAllowed(codes: ReadonlySet<string>): void {
    this.allow = codes;
    for (const recipe of this.open.values()) forgetFindings(recipe);
    this.tellAll();
  }

  /** Looks at the files once; recipes are told where something has changed. */
  async look(): Promise<void> {
    if (await this.headers.look()) this.tellAll();
    for (const [uri, recipe] of this.open) {
      if (recipe.imports !== undefined && (await this.readUsed(recipe))) {
        await this.readHeaders(uri);
      }
    }
  }

  /** Reads what a recipe uses, open recipes as they stand in the editor. True where that has changed. */
  private async readUsed(recipe: Open): Promise<boolean> {
    const path = pathOfUri(recipe.document.uri);
    const { pieces, recipe: tree } = this.parsedOf(recipe);
    const isUsing = pieces.some(({ read }) => read.statement?.kind === 'use');
    const imports =
      path === undefined || !isUsing
        ? undefined
        : await readImports(tree, path, (file) => this.textOf(file));
    if (keyOfImports(imports) === keyOfImports(recipe.imports)) return false;
    delete recipe.imports;
    if (imports !== undefined) recipe.imports = imports;
    forgetFindings(recipe);
    return true;
  }

  private async textOf(file: string): Promise<Result<string>> {
    for (const { document } of this.open.values()) {
      if (pathOfUri(document.uri) === file) return success(document.getText());
    }
    if (this.trust.trusted || (await isInWorkspace(file, this.trust))) return readRecipeText(file);
    return failure(sourceUnreadable, {
      file,
      message: 'Outside the workspace, recipes are read once it is trusted.',
      help: '',
    });
  }

  private tellAll(): void {
    for (const uri of this.open.keys()) this.options.changed(uri);
  }

  private watch(): void {
    if (this.looks !== undefined) return;
    this.looks = setInterval(() => this.inBackground(this.look()), this.options.lookEvery ?? 2000);
    this.looks.unref();
  }

  private async readHeaders(uri: string): Promise<void> {
    const recipe = this.open.get(uri);
    if (recipe === undefined) return;
    // What a client may have been told, before anything new is known: a pull while files are read must not count as news.
    const isFirst = recipe.deep === undefined;
    const before = isFirst ? undefined : JSON.stringify(this.findingsOf(uri)?.findings);
    await this.readUsed(recipe);
    const sources = [...this.sourcesOf(recipe).values()].filter((of) => of !== undefined);
    await this.headers.want(uri, sources);
    if (this.open.get(uri) !== recipe) return;
    // What is told next is told with headers; where it is the same as before, nobody is asked to look again.
    const analysis = this.analysisOf(uri);
    const isSame = before === JSON.stringify(analysis?.checked.diagnostics);
    if (!isSame) this.options.changed(uri);
  }

  private inBackground(work: Promise<unknown>): void {
    work.catch(this.options.failed);
  }

  /** After an edit, what it does not touch is not read again. */
  private parsedOf(recipe: Open): Parsed {
    const { version } = recipe.document;
    const before = recipe.parsed;
    if (before?.version === version) return before.of;
    const text = recipe.document.getText();
    const of =
      before === undefined ? parse(text) : reparse({ text: before.text, parsed: before.of }, text);
    recipe.parsed = { version, text, of };
    return of;
  }

  private sourcesOf(recipe: Open): ReturnType<typeof modelSources> {
    const folder = this.folderOf(recipe.document.uri);
    const { pieces } = this.parsedOf(recipe);
    // Most statements declare no source, and need not be looked at where they stand now.
    const statements = pieces.flatMap((piece) =>
      isSourceOrUse(piece.read.statement) ? [piece.statement!] : [],
    );
    return modelSources({ statements }, folder && resolve(folder), recipe.imports);
  }

  private answersFor(recipe: Open): ReadonlyMap<string, ModelAnswer> {
    const answers = new Map<string, ModelAnswer>();
    for (const [name, source] of this.sourcesOf(recipe)) {
      const answer: ModelAnswer | undefined =
        source === undefined ? { kind: 'nowhere' } : this.headers.answerTo(source);
      if (answer !== undefined) answers.set(name, answer);
    }
    return answers;
  }

  private plainAnalysis(recipe: Open): Analysis {
    if (recipe.plain?.version !== recipe.document.version) recipe.plain = this.analyse(recipe);
    return recipe.plain!;
  }

  private analyse(recipe: Open, models?: ReadonlyMap<string, ModelAnswer>): Analysis {
    const { uri, version } = recipe.document;
    const text = recipe.document.getText();
    const parsed = this.parsedOf(recipe);
    return analyse({
      uri,
      version,
      text,
      catalogue,
      parsed,
      allow: this.allow,
      rechecker: models === undefined ? recipe.plainly : recipe.deeply,
      ...(recipe.imports === undefined ? {} : { imports: recipe.imports }),
      ...(models === undefined ? {} : { models }),
    });
  }
}

/** The next time it is asked about, it is checked again. */
function forgetFindings(recipe: Open): void {
  delete recipe.plain;
  if (recipe.deep !== undefined) recipe.deep = { ...recipe.deep, generation: -1 };
}

function isSourceOrUse(statement: Statement | undefined): boolean {
  return ['model', 'adapter', 'stats', 'use'].includes(statement?.kind ?? '');
}

/** Two readings are the same if they lead to the same texts by the same ways. */
function keyOfImports(imports: Imports | undefined): string {
  if (imports === undefined) return '';
  const { uses, files } = imports;
  const texts = [...files].map(([file, of]) => [file, of.text, [...of.uses]]);
  return JSON.stringify([[...uses], texts]);
}
