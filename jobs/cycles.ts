/**
 * Which schools that follow each other do so in a circle: the strongly connected components of more than one (Tarjan), without
 * recursion.
 */

interface Edge {
  predecessor: number;
  successor: number;
}

/** URN → the cycle it is part of. */
export function cyclesOf(all: readonly Edge[]): Map<number, number> {
  // Most edges begin or end a chain, and are of no cycle.
  const predecessors = new Set(all.map(({ predecessor }) => predecessor));
  const successors = new Set(all.map(({ successor }) => successor));
  const edges = all.filter(
    ({ predecessor, successor }) => successors.has(predecessor) && predecessors.has(successor),
  );
  const next = new Map<number, number[]>();
  for (const { predecessor, successor } of edges) {
    next.set(predecessor, [...(next.get(predecessor) ?? []), successor]);
  }
  const order = new Map<number, number>();
  const lowest = new Map<number, number>();
  const open: number[] = [];
  const isOpen = new Set<number>();
  const cycleOf = new Map<number, number>();
  for (const start of next.keys()) {
    if (order.has(start)) continue;
    const path: { urn: number; at: number }[] = [];
    const enter = (urn: number) => {
      order.set(urn, order.size);
      lowest.set(urn, order.get(urn)!);
      open.push(urn);
      isOpen.add(urn);
      path.push({ urn, at: 0 });
    };
    enter(start);
    while (path.length > 0) {
      const here = path.at(-1)!;
      const to = next.get(here.urn)?.[here.at];
      here.at += 1;
      if (to !== undefined) {
        if (!order.has(to)) enter(to);
        else if (isOpen.has(to)) lowest.set(here.urn, Math.min(lowest.get(here.urn)!, order.get(to)!));
        continue;
      }
      path.pop();
      const before = path.at(-1);
      if (before) lowest.set(before.urn, Math.min(lowest.get(before.urn)!, lowest.get(here.urn)!));
      if (lowest.get(here.urn) !== order.get(here.urn)) continue;
      const members = open.splice(open.indexOf(here.urn));
      for (const member of members) {
        isOpen.delete(member);
        if (members.length > 1) cycleOf.set(member, here.urn);
      }
    }
  }
  return cycleOf;
}
