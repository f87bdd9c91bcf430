/**
 * What is worked out of all the data, remembered for as long as the data are the same: answers of one data version, the one
 * that was asked of last, under a few names. Of one version an answer can only be one, whoever worked it out.
 */
export class DataMemory {
  private version: number | null = null;
  private readonly answers = new Map<string, Promise<unknown>>();

  /**
   * The answer under a name, worked out where it is not known. `version` is that of the snapshot that `workOut`
   * reads from.
   */
  async of<T>(version: number, name: string, workOut: () => Promise<T>): Promise<T> {
    // A question that began before a publication works out what it needs, and leaves what is remembered alone.
    if (this.version !== null && version < this.version) return workOut();
    if (version !== this.version) {
      this.answers.clear();
      this.version = version;
    }
    const known = this.answers.get(name) as Promise<T> | undefined;
    // Whoever works it out may be broken off, which is no fault of those who wait for it.
    if (known) return known.catch(workOut);
    const answer = workOut();
    this.answers.set(name, answer);
    answer.catch(() => {
      if (this.answers.get(name) === answer) this.answers.delete(name);
    });
    return answer;
  }
}
