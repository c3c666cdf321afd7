import { readFileSync } from 'node:fs';

/**
 * The most memory that this process has had resident, in bytes: the run's slices and tensors, and all that Node itself takes.
 * Linux counts a started process's `maxRSS` from what its parent had; the field read here begins with the program.
 */
export function peakMemory(): number {
  if (process.platform === 'linux') {
    const kibibytes = /^VmHWM:\s*(\d+) kB$/m.exec(ownStatus())?.[1];
    if (kibibytes !== undefined) return Number(kibibytes) * 1024;
  }
  return process.resourceUsage().maxRSS * 1024;
}

/** Empty where `/proc` is not mounted. */
function ownStatus(): string {
  try {
    return readFileSync('/proc/self/status', 'latin1');
  } catch {
    return '';
  }
}
