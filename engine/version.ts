import manifest from '../package.json' with { type: 'json' };

/** The engine's version: another one may give other bytes, so it belongs to every plan's hash. */
export const engineVersion: string = manifest.version;
