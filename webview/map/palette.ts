/** The theme's colours as a canvas needs them. Read anew whenever the theme changes. */
import { rampOf, type Ramp, type Rgb } from './ramp.ts';

export interface Palette {
  readonly oneSided: Ramp;
  readonly twoSided: Ramp;
  readonly background: string;
  readonly text: string;
  readonly strong: string;
  readonly dim: string;
  readonly line: string;
  readonly focus: string;
  readonly font: string;
  /** Greys, figures and marks: hue says nothing. */
  readonly isHighContrast: boolean;
}

const oneSided = ['--r0', '--r1', '--r2', '--r3', '--r4', '--r5', '--r6'] as const;
const twoSided = ['--d0', '--d1', '--d2', '--d3', '--d4', '--d5', '--d6'] as const;

export function readPalette(within: HTMLElement): Palette {
  const probe = document.createElement('span');
  probe.hidden = true;
  within.append(probe);
  const one = document.createElement('canvas');
  one.width = 1;
  one.height = 1;
  const context = one.getContext('2d', { willReadFrequently: true })!;
  const computed = (name: string): string => {
    probe.style.color = `var(${name})`;
    return getComputedStyle(probe).color;
  };
  const channels = (name: string): Rgb => {
    context.fillStyle = computed(name);
    context.fillRect(0, 0, 1, 1);
    const [red, green, blue] = context.getImageData(0, 0, 1, 1).data;
    return [red!, green!, blue!];
  };
  const palette: Palette = {
    oneSided: rampOf(oneSided.map(channels), 0),
    twoSided: rampOf(twoSided.map(channels), -1),
    background: computed('--background'),
    text: computed('--text'),
    strong: computed('--strong'),
    dim: computed('--dim'),
    line: computed('--line'),
    focus: computed('--focus'),
    font: getComputedStyle(within).fontFamily,
    isHighContrast: document.body.className.includes('high-contrast'),
  };
  probe.remove();
  return palette;
}

/** Calls back when the editor's theme has changed, as long as the page lives. */
export function onThemeChange(changed: () => void): void {
  const observer = new MutationObserver(changed);
  observer.observe(document.body, { attributes: true, attributeFilter: ['class'] });
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['style'] });
}
