/**
 * Do something with each of many items, a few at a time: for specs that mostly wait.
 *
 * @param lanes how many at a time
 * @returns a promise for each item, in their order; one that is refused harms no other, and nobody has to listen
 */
export function inLanes<Item, Result>(
  lanes: number,
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): readonly Promise<Result>[] {
  const ends: Promise<unknown>[] = Array.from({ length: lanes }, () => Promise.resolve());
  return items.map((item, index) => {
    const result = (ends[index % lanes] ?? Promise.resolve()).then(() => work(item));
    ends[index % lanes] = result.catch(() => undefined);
    return result;
  });
}
