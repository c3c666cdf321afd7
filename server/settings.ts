/** What an author has set for the language: said by the client's settings where it has any, else when it started the server. */
import {
  type ClientCapabilities,
  type Connection,
  ConfigurationRequest,
  DidChangeConfigurationNotification,
} from 'vscode-languageserver';
import {
  type InlayHintsShown,
  inlayHintsShown,
  type ServerOptions,
  settingsSection,
} from './protocol.ts';

export interface ServerSettings {
  readonly inlayHints: InlayHintsShown;
  /** Codes of warnings that are not shown. */
  readonly allow: ReadonlySet<string>;
}

export const defaultSettings: ServerSettings = { inlayHints: 'quiet', allow: new Set() };

/** Reads settings as they come from a client, which may send anything. */
export function settingsFrom(
  given: unknown,
  options: Pick<ServerOptions, 'inlayHints' | 'diagnostics'>,
): ServerSettings {
  const ways = [given, options];
  const hints = [...ways.map((of) => entry(of, 'inlayHints')), defaultSettings.inlayHints];
  const inlayHints = hints.find((of): of is InlayHintsShown =>
    inlayHintsShown.some((known) => known === of),
  );
  const lists = ways.map((of) => entry(entry(of, 'diagnostics'), 'allow'));
  const codes: readonly unknown[] = lists.find((of) => Array.isArray(of)) ?? [];
  return { inlayHints: inlayHints!, allow: new Set(codes.filter(isCode)) };
}

function entry(of: unknown, name: string): unknown {
  return typeof of === 'object' && of !== null && Object.hasOwn(of, name)
    ? (of as Readonly<Record<string, unknown>>)[name]
    : undefined;
}

function isCode(of: unknown): of is string {
  return typeof of === 'string' && /^MW\d{4}$/.test(of);
}

export function isSameAllowance(one: ServerSettings, other: ServerSettings): boolean {
  return one.allow.size === other.allow.size && [...one.allow].every((of) => other.allow.has(of));
}

/** Asks the client for its settings now and whenever it says that they changed. */
export async function followSettings(
  connection: Connection,
  client: ClientCapabilities,
  told: (given: unknown) => void,
): Promise<void> {
  if (client.workspace?.configuration !== true) return;
  const ask = async (): Promise<void> => {
    const [given] = await connection.sendRequest(ConfigurationRequest.type, {
      items: [{ section: settingsSection }],
    });
    told(given);
  };
  connection.onDidChangeConfiguration(() => void ask().catch(() => undefined));
  if (client.workspace.didChangeConfiguration?.dynamicRegistration === true) {
    await connection.client.register(DidChangeConfigurationNotification.type, {
      section: settingsSection,
    });
  }
  await ask();
}
