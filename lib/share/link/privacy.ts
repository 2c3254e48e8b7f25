import type { Socket } from 'node:net';

/**
 * What became of a connection before anything was said over it: who it is with, where that can be known; that the other
 * side does not encrypt, and this one does; or nothing.
 */
export type Private =
  | { readonly kind: 'open'; readonly socket: Socket; readonly device?: string }
  | { readonly kind: 'unencrypted' }
  | { readonly kind: 'failed'; readonly why: string };

/** Makes connections such that nobody else can read them, or leaves them as they are. */
export interface Privacy {
  /** As the side that was connected to; the socket is destroyed to give it up. */
  accept(socket: Socket): Promise<Private>;
  /** As the side that has connected. */
  dial(socket: Socket): Promise<Private>;
}

/** Everybody on the way can read and change what is sent. */
export const noPrivacy: Privacy = {
  accept: (socket) => Promise.resolve({ kind: 'open', socket }),
  dial: (socket) => Promise.resolve({ kind: 'open', socket }),
};
