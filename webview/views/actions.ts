/** What a view can have done. */
import type { PanelCommand } from '../../engine/protocol/panel.ts';
import type { MeasureId } from '../map/measures.ts';

export interface Actions {
  readonly command: (command: PanelCommand) => void;
  readonly chooseMeasure: (measure: MeasureId) => void;
  readonly chooseShape: (shape: 'map' | 'table') => void;
  readonly listKeys: (isShown: boolean) => void;
}
