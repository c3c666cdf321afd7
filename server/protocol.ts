/** What passes between the server and its client beside the language server protocol. Plain data. */
import { type Diagnostic, NotificationType, RequestType } from 'vscode-languageserver';
import type { PreviewModel, PreviewRow } from '../engine/measures/preview.ts';

/** The `initializationOptions`; every one may be absent. */
export interface ServerOptions {
  /** False until the author trusts the workspace: then only headers of its own files are read. True unless said. */
  readonly trusted?: boolean;
  /** The editor's command that opens the completion list anew, such as `editor.action.triggerSuggest`. */
  readonly suggestCommand?: string;
  /** The editor's command that fetches what an open recipe's hub models lack; it takes a `LensArgument`. */
  readonly fetchCommand?: string;
  /** What a diagnostic's page begins with; its code and `.md` follow: `MW3002.md`. */
  readonly codePages?: string;
  /** `quiet` unless said, or unless the client's settings say it. */
  readonly inlayHints?: InlayHintsShown;
  /** Codes of warnings that are not shown, unless the client's settings say it. */
  readonly diagnostics?: { readonly allow?: readonly string[] };
}

/** Nothing; what an author can't see in the text and should know; besides that every default and count. */
export const inlayHintsShown = ['off', 'quiet', 'all'] as const;
export type InlayHintsShown = (typeof inlayHintsShown)[number];

/** The section of a client's settings that the server asks for. */
export const settingsSection = 'mergewright';

export interface TrustParams {
  readonly trusted: boolean;
}

/** From the client: the workspace is trusted now, or no longer. */
export const TrustNotification = {
  type: new NotificationType<TrustParams>('mergewright/trust'),
} as const;

/** What a preview found: the figures of one step of an open recipe. The server computes none. */
export interface MeasuredParams {
  readonly uri: string;
  /** The version of the text that was measured. */
  readonly textVersion: number;
  readonly step: string;
  /** On samples, or of every value. */
  readonly reading: 'sampled' | 'exact';
  readonly models: readonly PreviewModel[];
  readonly rows: readonly PreviewRow[];
}

/** From the client: figures for hovers and hints, in the place of those of the same recipe and step. */
export const MeasuredNotification = {
  type: new NotificationType<MeasuredParams>('mergewright/measured'),
} as const;

export interface ExpandedPlanParams {
  readonly uri: string;
  /** Absent: every step that an output writes, else the last. */
  readonly step?: string;
}

/** From the client: every tensor that is written, with its term; the text of a read-only document. */
export const ExpandedPlanRequest = {
  type: new RequestType<ExpandedPlanParams, string, void>('mergewright/expandedPlan'),
} as const;

/** The scheme of the document that shows it; its query is the recipe's URI. */
export const planScheme = 'mergewright-plan';

export interface ExportedYamlParams {
  readonly uri: string;
  /** The step or the last part of the folder of the output to export; absent: the only one. */
  readonly only?: string;
}

export interface ExportedYaml {
  /** The text of a read-only document: the YAML, else in comments why there is none. */
  readonly text: string;
  readonly isRefused: boolean;
  /** What mergekit can't say, at its place in the recipe. */
  readonly findings: readonly Diagnostic[];
}

/** From the client: an open recipe as mergekit's YAML. */
export const ExportedYamlRequest = {
  type: new RequestType<ExportedYamlParams, ExportedYaml, void>('mergewright/exportedYaml'),
} as const;

/** The scheme of the document that shows it; its query is the recipe's URI. */
export const yamlScheme = 'mergewright-yaml';

/** Commands of the code lenses, which the client runs with one argument. */
export const lensCommands = {
  check: 'mergewright.check',
  preview: 'mergewright.preview',
  merge: 'mergewright.merge',
} as const;

/** The argument of a lens's command. */
export interface LensArgument {
  readonly uri: string;
  /** The step that is looked at or written; absent: the whole recipe. */
  readonly step?: string;
}
