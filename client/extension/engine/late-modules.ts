/** Modules of the engine that the extension loads only where they are asked for, or no process can be started for them. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type * as HubFetch from '../../../engine/hub/fetch.ts';
import type * as MeasureDesk from '../../measure-process/desk.ts';
import type * as PanelMerge from '../../panel-merge/merge-in-panel.ts';

export interface LateModules {
  readonly 'panel-merge.mjs': typeof PanelMerge;
  readonly 'hub-fetch.mjs': typeof HubFetch;
  readonly 'measure-desk.mjs': typeof MeasureDesk;
}

export async function loadLate<Name extends keyof LateModules>(
  dist: string,
  name: Name,
): Promise<LateModules[Name]> {
  return (await import(pathToFileURL(join(dist, name)).href)) as LateModules[Name];
}
