/** Take so many off an iterator, or as many as there are. */
export function nextOf<Value>(values: Iterator<Value>, most: number): readonly Value[] {
  const taken: Value[] = [];
  while (taken.length < most) {
    const { done, value } = values.next();
    if (done) break;
    taken.push(value);
  }
  return taken;
}
