/**
 * Do one job. What it tells after its end is not passed on: a child could only take it for news of the next job.
 *
 * @throws whatever the handler throws, also where it does so before it returns a promise
 */
export async function doJob<Argument, Result, News>(
  handler: (argument: Argument, tell: (news: News) => void) => Promise<Result>,
  argument: Argument,
  tell: (news: News) => void,
): Promise<Result> {
  let isRunning = true;
  try {
    return await handler(argument, (news) => {
      if (isRunning) tell(news);
    });
  } finally {
    isRunning = false;
  }
}
