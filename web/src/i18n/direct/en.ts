/** The sentences about direct messages in English. */
export const en = {
  title: 'New message',
  people: 'People',
  hint: 'Name',
  takeOut: 'Take {name} out',
  chosen: '{count} of {most} people',
  full: 'Eight is the most for a direct message, you among them.',
  start: 'Start',
  nobody: 'Nobody is called “{query}”',
  begin: 'This is the start of your messages with {names}',
  beginText: 'Only the people in this conversation can read it. The others see it once something is written.',
  beginNotes: 'This is the start of your notes',
  beginNotesText: 'Only you can read what you write here.',
  hidden: 'Hidden until somebody writes in it.',
} as const;
