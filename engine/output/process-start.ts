import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { systemCode } from '../faults/system-fault.ts';

/** Whether a process is there, and a text that differs between two processes that had one number in turn. */
export type ProcessState =
  | { readonly alive: false }
  /** The start is absent where the system does not tell it (Windows). */
  | { readonly alive: true; readonly start?: string };

/** Looks at a process of this machine. */
export async function lookAtProcess(pid: number): Promise<ProcessState> {
  if (!isThere(pid)) return { alive: false };
  switch (process.platform) {
    case 'linux':
      return lookInProc(pid);
    case 'win32':
      return { alive: true };
    default:
      return lookWithPs(pid);
  }
}

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Another user's process may not be signalled, but it is there.
    return systemCode(error) === 'EPERM';
  }
}

/** Ticks since the boot, and which boot it was. A zombie writes nothing any more: it counts as ended. */
async function lookInProc(pid: number): Promise<ProcessState> {
  try {
    const status = await readFile(`/proc/${pid}/stat`, 'latin1');
    // The command's name stands in parentheses and may itself hold spaces and parentheses.
    const fields = status.slice(status.lastIndexOf(')') + 2).split(' ');
    const [state] = fields;
    if (state === 'Z' || state === 'X') return { alive: false };
    const boot = (await readFile('/proc/sys/kernel/random/boot_id', 'latin1')).trim();
    return { alive: true, start: `${boot}:${fields[19]}` };
  } catch (error) {
    if (systemCode(error) === undefined) throw error;
    return isThere(pid) ? { alive: true } : { alive: false };
  }
}

async function lookWithPs(pid: number): Promise<ProcessState> {
  try {
    const { stdout } = await promisify(execFile)('ps', ['-o', 'lstart=', '-p', String(pid)]);
    return { alive: true, start: stdout.trim() };
  } catch {
    return isThere(pid) ? { alive: true } : { alive: false };
  }
}
