/**
 * The second script: what the app needs as soon as the first message is shown, and not before. That is hearing what others
 * do, what the browser keeps on its disk, and files on their way up. `second-script.ts` loads it.
 */
export { Uploading } from './actions/uploading';
export { SelfCheck } from './check';
export { adopt } from './outbox/adopt';
export { OutboxStore } from './outbox/store';
export { discardUpload, sendFile } from './outbox/upload';
export { openLine } from './socket';
