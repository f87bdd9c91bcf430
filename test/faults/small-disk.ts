/** A disk of a few kilobytes, where the machine lets a test mount one. */
import { execFileSync } from 'node:child_process';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export class SmallDisk {
  private constructor(readonly path: string) {}

  /** Null, and says so, where nothing can be mounted. `owner`: the account that is to write on it. */
  static async mount(kilobytes: number, owner = 0): Promise<SmallDisk | null> {
    const path = await mkdtemp(join(tmpdir(), 'schoolgraph-disk-'));
    await chmod(path, 0o711);
    try {
      const options = `size=${kilobytes}k,mode=0700,uid=${owner}`;
      execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'schoolgraph-test', path], { stdio: 'pipe' });
      return new SmallDisk(path);
    } catch (error) {
      await rm(path, { recursive: true, force: true });
      console.warn(
        `NOT PROVEN HERE: what a full disk does. No small disk can be mounted (${String((error as { stderr?: Buffer }).stderr ?? error).trim()}).`,
      );
      return null;
    }
  }

  get kilobytesUsed(): number {
    const lines = execFileSync('df', ['-k', '--output=used', this.path], { encoding: 'utf8' }).split('\n');
    return Number(lines[1]);
  }

  resize(kilobytes: number): void {
    execFileSync('mount', ['-o', `remount,size=${kilobytes}k`, this.path], { stdio: 'pipe' });
  }

  async remove(): Promise<void> {
    execFileSync('umount', ['-l', this.path], { stdio: 'pipe' });
    await rm(this.path, { recursive: true, force: true });
  }
}
