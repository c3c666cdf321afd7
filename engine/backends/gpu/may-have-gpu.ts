import { existsSync, readdirSync } from 'node:fs';

/** On Linux a GPU shows as a device file; without one there is nothing to open, and drivers would only complain. */
export function mayHaveGpu(): boolean {
  if (process.platform !== 'linux') return true;
  const renderers = existsSync('/dev/dri') ? readdirSync('/dev/dri') : [];
  return (
    renderers.some((name) => name.startsWith('renderD')) ||
    ['/dev/nvidia0', '/dev/dxg'].some((path) => existsSync(path))
  );
}
