/** What a child tells its parent while a job runs: news of the job, only that it is alive, or what it wrote. */
export type ChildMessage<News> =
  | { readonly news: News }
  | { readonly alive: true }
  | { readonly stdout: string }
  | { readonly stderr: string };

// A hundredth of the silence that a parent bears; what it costs cannot be measured.
/** How often a child says that it is alive, in milliseconds. */
export const BEAT_MS = 1000;
