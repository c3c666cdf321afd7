/** The open YAML files that are mergekit's, and what is known of each. Headers are read 150 ms after the last change. */
import { statSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { catalogue } from '../../engine/methods/catalogue.ts';
import type { SourceReference } from '../../grammar/check/checked.ts';
import type { Surroundings } from '../../grammar/mergekit/into/source.ts';
import { anatomyOf } from '../../grammar/places/anatomy.ts';
import { HeaderStore } from '../headers/header-store.ts';
import { modelSources } from '../headers/sources.ts';
import type { Trust } from '../headers/trust.ts';
import { pathOfUri } from '../paths.ts';
import type { ModelAnswer } from '../analysis/analysis.ts';
import { analyseYaml, type YamlAnalysis } from './analysis.ts';

export interface ShelfOptions {
  readonly trust: Trust;
  /** What is known of a file has changed though its text has not. */
  readonly changed: (uri: string) => void;
  readonly failed: (error: unknown) => void;
  readonly headerDelay?: number;
}

interface Open {
  document: TextDocument;
  /** Absent: not looked at yet; undefined as its content: not one of mergekit's. */
  read?: {
    readonly version: number;
    readonly generation: number;
    readonly analysis: YamlAnalysis | undefined;
  };
  timer?: NodeJS.Timeout;
}

export class YamlShelf {
  private readonly open = new Map<string, Open>();
  private readonly headers: HeaderStore;
  private readonly options: ShelfOptions;
  private trust: Trust;
  private allow: ReadonlySet<string> = new Set();

  constructor(options: ShelfOptions) {
    this.options = options;
    this.trust = options.trust;
    this.headers = new HeaderStore({ trust: options.trust });
  }

  changed(document: TextDocument): void {
    const { uri } = document;
    const file = this.open.get(uri) ?? { document };
    file.document = document;
    this.open.set(uri, file);
    clearTimeout(file.timer);
    file.timer = setTimeout(
      () => void this.readHeaders(uri).catch(this.options.failed),
      this.options.headerDelay ?? 150,
    );
  }

  closed(uri: string): void {
    clearTimeout(this.open.get(uri)?.timer);
    this.open.delete(uri);
    this.headers.drop(uri);
  }

  /** No timer is left running. */
  end(): void {
    for (const { timer } of this.open.values()) clearTimeout(timer);
  }

  /** Whether the author trusts the workspace: before that, nothing is written. */
  get isTrusted(): boolean {
    return this.trust.trusted;
  }

  setTrust(trust: Partial<Trust>): void {
    this.trust = { ...this.trust, ...trust };
    this.headers
      .setTrust(this.trust)
      .then(
        (isOther) => isOther && [...this.open.keys()].forEach((uri) => this.options.changed(uri)),
      )
      .catch(this.options.failed);
  }

  /** What is found from now on lacks the warnings of these codes. */
  setAllowed(codes: ReadonlySet<string>): void {
    this.allow = codes;
    for (const [uri, file] of this.open) {
      delete file.read;
      this.options.changed(uri);
    }
  }

  /** Undefined: it is not open, or not one of mergekit's. */
  analysisOf(uri: string): YamlAnalysis | undefined {
    const file = this.open.get(uri);
    if (file === undefined) return undefined;
    const { version } = file.document;
    const { generation } = this.headers;
    if (file.read?.version !== version || file.read.generation !== generation) {
      file.read = { version, generation, analysis: this.analyse(file) };
    }
    return file.read.analysis;
  }

  private async readHeaders(uri: string): Promise<void> {
    const analysis = this.analysisOf(uri);
    if (analysis?.checked === undefined) return;
    const sources = modelSources(analysis.checked.recipe, this.folderOf(uri));
    const isNew = await this.headers.want(
      uri,
      [...sources.values()].filter((source) => source !== undefined),
    );
    if (isNew && this.open.has(uri)) this.options.changed(uri);
  }

  private folderOf(uri: string): string | undefined {
    const path = pathOfUri(uri);
    return path === undefined ? this.trust.folders[0] : dirname(path);
  }

  private analyse({ document }: Open): YamlAnalysis | undefined {
    const { uri, version } = document;
    const folder = this.folderOf(uri);
    const title = basename(pathOfUri(uri) ?? 'merged').replace(/\.ya?ml$/i, '');
    const first = analyseYaml({
      uri,
      version,
      text: document.getText(),
      title,
      catalogue,
      allow: this.allow,
      surroundings: this.surroundings(folder),
    });
    if (first?.checked === undefined) return first;
    const models = new Map<string, ModelAnswer>();
    for (const [name, source] of modelSources(first.checked.recipe, folder)) {
      const answer = source && this.headers.answerTo(source);
      if (answer !== undefined) models.set(name, answer);
    }
    if (models.size === 0) return first;
    // Names come from texts alone, so that they are the same the second time.
    const counts = new Map(
      first.checked.sources.flatMap(({ name, reference }) => {
        const answer = models.get(name);
        const count =
          answer?.kind === 'read'
            ? anatomyOf(answer.checkpoint.signature).towers[0]?.layerCount
            : undefined;
        return count === undefined ? [] : [[JSON.stringify(reference), count] as const];
      }),
    );
    const layersOf = (reference: SourceReference): number | undefined =>
      counts.get(JSON.stringify(reference));
    return analyseYaml({
      uri,
      version,
      text: document.getText(),
      title,
      catalogue,
      allow: this.allow,
      surroundings: { ...this.surroundings(folder), layersOf },
      models,
    });
  }

  private surroundings(folder: string | undefined): Surroundings {
    // Outside the workspace nothing is touched before it is trusted.
    if (folder === undefined || !this.trust.trusted) return {};
    return {
      isFolder: (path) =>
        statSync(resolve(folder, path), { throwIfNoEntry: false })?.isDirectory() === true,
    };
  }
}
