/** Bytes, seconds and counts as people read them. */

const units = ['B', 'kB', 'MB', 'GB', 'TB'] as const;

export function bytesText(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  const digits = unit === 0 || value >= 9.95 ? 0 : 1;
  return `${value.toFixed(digits)} ${units[unit]!}`;
}

export function secondsText(seconds: number): string {
  if (seconds < 0.95) return `${Math.max(0.01, seconds).toPrecision(1)} s`;
  if (seconds < 9.5) return `${Number(seconds.toFixed(1))} s`;
  if (seconds < 90) return `${Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 90) return `${minutes} min`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** 8,192 */
export function countText(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',');
}

export function counted(count: number, one: string): string {
  return `${countText(count)} ${one}${count === 1 ? '' : 's'}`;
}

/** Half a per cent is said; all but a little is not said to be all. */
export function shareText(part: number, whole: number): string {
  if (whole <= 0) return '0 %';
  const percent = (100 * part) / whole;
  if (percent > 99 && percent < 100) return '99 %';
  return `${percent >= 10 || percent === 0 ? Math.floor(percent) : Number(percent.toPrecision(1))} %`;
}
