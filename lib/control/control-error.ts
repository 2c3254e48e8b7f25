import { CodedError } from '../base/coded-error.ts';

/**
 * E_ADMIN_LOGIN: name or password of the administrator is wrong · E_CONTROL: the control socket cannot be used, or broke ·
 * E_CONTROL_BUSY: too many want to log in · E_CONTROL_FAULT: the server itself failed · E_NOT_RUNNING: only a server that
 * runs can do it · E_NOT_THERE: there is no such session or ban · E_REQUEST: what was asked for breaks a rule
 */
export type ControlErrorCode =
  | 'E_ADMIN_LOGIN'
  | 'E_CONTROL'
  | 'E_CONTROL_BUSY'
  | 'E_CONTROL_FAULT'
  | 'E_NOT_RUNNING'
  | 'E_NOT_THERE'
  | 'E_REQUEST';

/** Why something could not be done for the administrator. */
export class ControlError extends CodedError<ControlErrorCode> {
  override readonly name: string = 'ControlError';
}
