/**
 * The state of a running server: the open recipes, what is known of them, and the headers they refer to.
 * Text is checked as soon as it is asked for; headers are read 150 ms after the last change, and looked at every two seconds.
 */
import { dirname, resolve } from 'node:path';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { catalogue } from '../engine/methods/catalogue.ts';
import type { Diagnostic } from '../grammar/diagnostics/diagnostic.ts';
import { parse, type Parsed } from '../grammar/syntax/parse.ts';
import { type Analysis, analyse, type ModelAnswer } from './analysis/analysis.ts';
import { carriedOver } from './analysis/carried-over.ts';
import type { Surroundings } from './completion/surroundings.ts';
import { HeaderStore } from './headers/header-store.ts';
import { modelSources } from './headers/sources.ts';
import { surroundingsAt } from './headers/surroundings.ts';
import type { Trust } from './headers/trust.ts';
import { pathOfUri } from './paths.ts';

export interface SessionOptions {
  readonly trust: Trust;
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
  parsed?: { readonly version: number; readonly of: Parsed };
  /** Checked as text alone. */
  plain?: Analysis;
  /** Checked with the headers that were known then. */
  deep?: { readonly analysis: Analysis; readonly generation: number };
  timer?: NodeJS.Timeout;
}

export class Session {
  private readonly open = new Map<string, Open>();
  private readonly headers: HeaderStore;
  private readonly options: SessionOptions;
  private trust: Trust;
  private looks: NodeJS.Timeout | undefined;

  constructor(options: SessionOptions) {
    this.options = options;
    this.trust = options.trust;
    this.headers = new HeaderStore({ trust: options.trust });
  }

  /** A recipe was opened or changed. */
  changed(document: TextDocument): void {
    const { uri } = document;
    const recipe = this.open.get(uri);
    if (recipe === undefined) this.open.set(uri, { document });
    else recipe.document = document;
    clearTimeout(recipe?.timer);
    const timer = setTimeout(
      () => this.inBackground(this.readHeaders(uri)),
      recipe === undefined ? 0 : (this.options.headerDelay ?? 150),
    );
    this.open.get(uri)!.timer = timer;
    this.watch();
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

  folderOf(uri: string): string | undefined {
    const path = pathOfUri(uri);
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

  /** Looks at the files once; recipes are told where something has changed. */
  async look(): Promise<void> {
    if (await this.headers.look()) this.tellAll();
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
    await this.headers.want(uri, this.sourcesOf(recipe).values());
    if (this.open.get(uri) !== recipe) return;
    const isFirst = recipe.deep === undefined;
    const before = isFirst ? undefined : JSON.stringify(this.findingsOf(uri)?.findings);
    // What is told next is told with headers; where it is the same as before, nobody is asked to look again.
    const analysis = this.analysisOf(uri);
    const isSame = before === JSON.stringify(analysis?.checked.diagnostics);
    if (!isSame) this.options.changed(uri);
  }

  private inBackground(work: Promise<unknown>): void {
    work.catch(this.options.failed);
  }

  private parsedOf(recipe: Open): Parsed {
    const { version } = recipe.document;
    if (recipe.parsed?.version !== version) {
      recipe.parsed = { version, of: parse(recipe.document.getText()) };
    }
    return recipe.parsed!.of;
  }

  private sourcesOf(recipe: Open): ReturnType<typeof modelSources> {
    const folder = this.folderOf(recipe.document.uri);
    const text = recipe.document.getText();
    return modelSources(this.parsedOf(recipe).recipe, text, folder && resolve(folder));
  }

  private answersFor(recipe: Open): ReadonlyMap<string, ModelAnswer> {
    const answers = new Map<string, ModelAnswer>();
    for (const [name, source] of this.sourcesOf(recipe)) {
      const answer = this.headers.answerTo(source);
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
      ...(models === undefined ? {} : { models }),
    });
  }
}
