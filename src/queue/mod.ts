/**
 * Jobs that many processes share: claimed, renewed, given back, finished once. In a folder, or by a server.
 *
 * @module
 */
export { insist, type Insistence } from "./insist.ts";
export { JobEnds } from "./job_ends.ts";
export { openBoard, openQueue } from "./open_queue.ts";
export {
  type Claim,
  DEFAULT_QUEUE,
  isEnded,
  isJobId,
  type Job,
  type JobFailure,
  type JobState,
  type JobStatus,
  type Queue,
  type QueueOptions,
} from "./queue.ts";
export { namesServer, parseServerAddress, withoutPassword } from "./server_address.ts";
export { type JobContext, type JobEnd, type JobHandler, work, type WorkOptions } from "./work.ts";
