/** The lines of the map: models or pairs, each opening into its parts. */
import type { PreviewModel, PreviewRow } from '../../engine/measures/preview.ts';
import type { LinePart } from './line-parts.ts';
import { subjectName, type Subject } from './measures.ts';

export interface Line {
  /** The subject's name, and the part's. */
  readonly key: string;
  readonly subject: Subject;
  /** Absent on a subject's own line. */
  readonly part?: LinePart;
  readonly label: string;
  /** Of a subject's own line that has parts. */
  readonly isOpen?: boolean;
}

export interface LineRequest {
  readonly subjects: readonly Subject[];
  readonly parts: readonly LinePart[];
  /** Names of subjects that show their parts. */
  readonly open: readonly string[];
}

export function linesOf({ subjects, parts, open }: LineRequest): readonly Line[] {
  return subjects.flatMap((subject): readonly Line[] => {
    const name = subjectName(subject);
    const isOpen = open.includes(name);
    const own: Line = {
      key: name,
      subject,
      label: name,
      ...(parts.length > 0 ? { isOpen } : {}),
    };
    if (!isOpen) return [own];
    return [
      own,
      ...parts.map((part) => ({
        key: `${name}\0${part.key}`,
        subject,
        part,
        label: part.label,
      })),
    ];
  });
}

/** The model that the merge is furthest from, as a share of its own change; the first where none has such a figure. */
export function furthestModel(
  models: readonly PreviewModel[],
  total: PreviewRow | undefined,
): string | undefined {
  const gaps = models.map((_, index) => total?.models[index]?.gap?.value ?? -1);
  const largest = gaps.indexOf(Math.max(...gaps));
  return models[Math.max(0, largest)]?.name;
}
