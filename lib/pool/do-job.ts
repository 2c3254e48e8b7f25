import type { Talk } from './jobs.ts';

/**
 * Do one job. What it tells after its end is not passed on: a child could only take it for news of the next job.
 *
 * @throws whatever the handler throws, also where it does so before it returns a promise
 */
export async function doJob<Argument, Result, News, Word>(
  handler: (argument: Argument, talk: Talk<News, Word>) => Promise<Result>,
  argument: Argument,
  { tell, hear }: Talk<News, Word>,
): Promise<Result> {
  let isRunning = true;
  const tellRunning = (news: News) => {
    if (isRunning) tell(news);
  };
  try {
    return await handler(argument, { tell: tellRunning, hear });
  } finally {
    isRunning = false;
  }
}
