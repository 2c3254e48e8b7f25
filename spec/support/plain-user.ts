/** Do something as a user for whom the rights of files count: for root they do not. */
export async function asPlainUser<Result>(act: () => Promise<Result>): Promise<Result> {
  const isRoot = process.geteuid?.() === 0;
  // 65534 is nobody on every Unix; only the number counts here.
  if (isRoot) process.seteuid?.(65534);
  try {
    return await act();
  } finally {
    if (isRoot) process.seteuid?.(0);
  }
}
