/** There is no room on the browser's disk, by our own bounds or by the browser's. */
export class StoreFull extends Error {}
