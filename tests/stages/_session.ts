import { Session, type SessionOptions } from "../../src/stages/session.ts";

/**
 * Starts a session for a test: of the strict build and one thread, whose results are the same bits on every machine.
 *
 * @param command Name of the command.
 * @param out Folder of the run.
 * @param options What else differs; nothing is configured if `configuration` is left out.
 */
export function startSession(command: string, out: string, options: Partial<SessionOptions> = {}): Promise<Session> {
  return Session.start({ command, out, configuration: {}, build: "strict", threads: 1, ...options });
}
