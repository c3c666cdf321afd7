/** What passes between the server and its client beside the language server protocol. Plain data. */
import { NotificationType } from 'vscode-languageserver';

/** The `initializationOptions`; every one may be absent. */
export interface ServerOptions {
  /** False until the author trusts the workspace: then only headers of its own files are read. True unless said. */
  readonly trusted?: boolean;
  /** The editor's command that opens the completion list anew, such as `editor.action.triggerSuggest`. */
  readonly suggestCommand?: string;
  /** What a diagnostic's page begins with; its code in lower case follows, `mw3002`. */
  readonly codePages?: string;
}

export interface TrustParams {
  readonly trusted: boolean;
}

/** From the client: the workspace is trusted now, or no longer. */
export const TrustNotification = {
  type: new NotificationType<TrustParams>('mergewright/trust'),
} as const;

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
