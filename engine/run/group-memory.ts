/** Figures over the whole model, written into the journals of all outputs: found once, they are not sought again. */
import { isJsonObject } from '../checkpoints/read-json.ts';
import { doubleOf, doubleText } from '../numeric/double-text.ts';
import type { OutputClaim } from '../output/output-claim.ts';
import type { Plan, PlannedGroup } from '../plan/plan.ts';
import type { StatisticPart } from '../program/scalar.ts';
import { hashOf } from './hash-of.ts';
import type { GroupTable } from './job.ts';

/** Figures over the whole model that killed runs have found, and the place where they are written down. */
export interface GroupMemory {
  known(group: PlannedGroup): GroupTable | undefined;
  keep(group: PlannedGroup, figures: GroupTable): Promise<void>;
}

/** The figures depend on the group's own tensors and on the files they lie in. */
export function groupMemory(plan: Plan, claims: readonly OutputClaim[]): GroupMemory {
  const files = hashOf([plan.files, plan.inputs]);
  const keys = new Map<PlannedGroup, string>();
  const keyOf = (group: PlannedGroup): string => {
    const known = keys.get(group);
    if (known !== undefined) return known;
    const key = hashOf([files, group]);
    keys.set(group, key);
    return key;
  };
  return {
    known(group) {
      const lines = claims.flatMap(({ resumed }) => resumed?.groups.get(keyOf(group)) ?? []);
      return lines.map(({ figures }) => readFigures(figures)).find((table) => table !== undefined);
    },
    async keep(group, table) {
      const figures = Object.fromEntries(
        Object.entries(table).map(([name, parts]) => [
          name,
          parts.map(([part, value]) => [part, doubleText(value)]),
        ]),
      );
      const line = { kind: 'group', key: keyOf(group), figures } as const;
      for (const claim of claims) await claim.record(line);
    },
  };
}

function readFigures(json: unknown): GroupTable | undefined {
  if (!isJsonObject(json)) return undefined;
  const table: Record<string, readonly (readonly [StatisticPart, number])[]> = {};
  for (const [name, parts] of Object.entries(json)) {
    if (!Array.isArray(parts) || !parts.every(isPart)) return undefined;
    table[name] = parts.map(([part, value]) => [part, doubleOf(value)!]);
  }
  return table;
}

function isPart(json: unknown): json is readonly [StatisticPart, string] {
  if (!Array.isArray(json) || json.length !== 2) return false;
  const [part, value] = json as readonly unknown[];
  return typeof part === 'string' && typeof value === 'string' && doubleOf(value) !== undefined;
}
