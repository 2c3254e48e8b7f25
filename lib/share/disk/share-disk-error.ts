import { CodedError } from '../../base/coded-error.ts';

/**
 * Why a share cannot be worked with.
 *
 * E_SHARE_EMPTY: another folder, with nothing in it, stands where the share was · E_SHARE_FOLDER: the folder of the share, that of
 * the state, or the log in it cannot be made, they cannot be used together, or that of the state holds other things ·
 * E_SHARE_GONE: it is not there · E_SHARE_NOT_A_FOLDER: it is something else · E_SHARE_OTHER: another folder stands where it was ·
 * E_SHARE_NO_ROOM: its disk is nearly full · E_SHARE_UNREADABLE: it is there but cannot be read
 */
export type ShareDiskErrorCode =
  | 'E_SHARE_EMPTY'
  | 'E_SHARE_FOLDER'
  | 'E_SHARE_GONE'
  | 'E_SHARE_NOT_A_FOLDER'
  | 'E_SHARE_NO_ROOM'
  | 'E_SHARE_OTHER'
  | 'E_SHARE_UNREADABLE';

/** A failure of the disk that holds a share. */
export class ShareDiskError extends CodedError<ShareDiskErrorCode> {
  override readonly name: string = 'ShareDiskError';
}
