/**
 * Whether somebody waits for what is being done; whoever does it hears when nobody does any longer. An AbortSignal says the same, but
 * Node takes longer to make one, and to ask it, than a small question has to spare.
 */
export class Waiting {
  /** Why nobody waits any longer; null as long as somebody does. */
  over: Error | null = null;
  private stops: (() => void)[] = [];

  /** From now on nobody waits. */
  end(reason: Error): void {
    if (this.over) return;
    this.over = reason;
    for (const stop of this.stops) stop();
  }

  throwIfOver(): void {
    if (this.over) throw this.over;
  }

  /** `stop` is called as soon as nobody waits, until the function that is returned has been called. */
  whenOver(stop: () => void): () => void {
    this.stops.push(stop);
    if (this.over) stop();
    return () => {
      this.stops = this.stops.filter((other) => other !== stop);
    };
  }
}
