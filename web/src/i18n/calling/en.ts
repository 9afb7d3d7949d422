/** What is said of calling people, in English. */
export const en = {
  'calling.insert': 'Mention somebody',
  'calling.people': 'People in #{name}',
  'calling.here': 'People in this conversation',
  'calling.others': 'Not in this channel',
  'calling.tells': 'tells {count} people',
  'calling.asks': '@all tells {count} people.',
  'calling.notTold': 'Not in this channel, so not told: {names}',
  'calling.cannotRead': 'Not in this channel, so they cannot read this: {names}',
  'calling.add': 'Add',
} as const;
