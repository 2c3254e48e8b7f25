import type { SharedTree } from './shared-tree.ts';

/** Some peers of one program that keeps a folder equal on all of them: ours, or another one beside which it is measured. */
export interface SyncUnderTest {
  /** Start a peer, and wait until it can be reached. */
  start(index: number): Promise<void>;
  /** End it in order. */
  stop(index: number): Promise<void>;
  /** End it as a failure of the machine does. */
  kill9(index: number): Promise<void>;
  /** Its folder. */
  dir(index: number): string;
  /** What is in it. */
  tree(index: number): Promise<SharedTree>;
  /** Where it listens. */
  address(index: number): string;
  /** Fulfilled when the folders of all peers that run have been equal twice in a row, with time between. */
  idle(): Promise<void>;
}
