/** Colours between the theme's stops, and ink that can be read on them. Channels are 0 to 255. */

export type Rgb = readonly [number, number, number];

const steps = 128;

export interface Ramp {
  /** For positions from 0 to 1, or −1 to 1 where the ramp has two sides. */
  colour(position: number): string;
  /** Black or white, whichever is further away: at least 4.58 to 1 on any colour. */
  ink(position: number): string;
}

/** A ramp through stops at equal distances; `from` is the position of the first. */
export function rampOf(stops: readonly Rgb[], from: 0 | -1): Ramp {
  const count = steps + 1;
  const colours: string[] = [];
  const inks: string[] = [];
  for (let step = 0; step < count; step++) {
    const rgb = between(stops, step / steps);
    colours.push(css(rgb));
    inks.push(inkOn(rgb));
  }
  const at = (position: number): number =>
    Math.max(0, Math.min(steps, Math.round(((position - from) / (1 - from)) * steps)));
  return {
    colour: (position) => colours[at(position)]!,
    ink: (position) => inks[at(position)]!,
  };
}

export function between(stops: readonly Rgb[], share: number): Rgb {
  const place = share * (stops.length - 1);
  const left = Math.min(stops.length - 2, Math.floor(place));
  const part = place - left;
  const [a, b] = [stops[left]!, stops[left + 1]!];
  return [0, 1, 2].map((channel) =>
    Math.round(a[channel]! + part * (b[channel]! - a[channel]!)),
  ) as unknown as Rgb;
}

export function inkOn(rgb: Rgb): string {
  return luminance(rgb) > 0.1791 ? '#000' : '#fff';
}

/** Relative luminance of sRGB, 0 to 1. */
function luminance(rgb: Rgb): number {
  const [red, green, blue] = rgb.map((channel) => {
    const value = channel / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

export function contrast(a: Rgb, b: Rgb): number {
  const [dark, light] = [luminance(a), luminance(b)].toSorted((x, y) => x - y) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

function css([red, green, blue]: Rgb): string {
  return `rgb(${red},${green},${blue})`;
}
