/**
 * What the first message does not need: the list of channels, the dialogs and menus, the buttons over a message and what is
 * done with it, the pane beside a channel, and what stands in the composer's place. They are one script, which is loaded as
 * soon as the page is shown, so that it is there before somebody opens one, also without a network.
 */
import '../i18n/later';
import './chat/lines.css';
import './details/details.css';
import './emoji/emoji.css';
import './people/faces';
import './hosting/hosting.css';
import './kept/kept.css';
import './activity/activity.css';
import './threads/threads.css';

export { default as EverybodyNote } from './calling/EverybodyNote.svelte';
export { default as OutsidersNote } from './calling/OutsidersNote.svelte';
export { toldBy } from './calling/everybody';
export { default as ChannelsPage } from './channels/ChannelsPage.svelte';
export { beginEdit, editNewest, mayEdit, toggle, wishesOf } from '../actions/wishing';
export { default as AlsoSend } from './threads/AlsoSend.svelte';
export { default as ThreadPane } from './threads/ThreadPane.svelte';
export { default as ThreadsCount } from './threads/ThreadsCount.svelte';
export { default as ThreadsPage } from './threads/ThreadsPage.svelte';
export { mayAnswer } from '../state/answering';
export { default as RowDialogs } from './chat/RowDialogs.svelte';
export { default as NamedChannels } from './chat/NamedChannels.svelte';
export { openAt, restOn } from './chat/context-menu';
export { pressOn } from './chat/message-keys';
export { default as EditForm } from './chat/EditForm.svelte';
export { default as QuoteNote } from './chat/QuoteNote.svelte';
export { default as RowTools } from './chat/RowTools.svelte';
export { default as DraftFiles } from './chat/DraftFiles.svelte';
export { default as Writing } from './chat/Writing.svelte';
export { default as SystemLine } from './chat/SystemLine.svelte';
export { markAllRead, markUnreadFrom } from '../actions/read-marks';
export { DirectActions } from '../actions/direct';
export { default as Beginning } from './direct/Beginning.svelte';
export { default as Conversations } from './direct/Conversations.svelte';
export { default as PeopleDialog } from './direct/PeopleDialog.svelte';
export { default as DirectDialog } from './direct/DirectDialog.svelte';
export { default as MuteDialog } from './order/MuteDialog.svelte';
export { default as RemoveDialog } from './order/RemoveDialog.svelte';
export { default as OrderCount } from './order/OrderCount.svelte';
export { default as CreateForm } from './details/CreateForm.svelte';
export { default as DetailsPane } from './details/DetailsPane.svelte';
export { default as Shut } from './details/Shut.svelte';
export { default as SlowNote } from './details/SlowNote.svelte';
export { default as TopicDialog } from './details/TopicDialog.svelte';
export { default as HostBar } from './hosting/HostBar.svelte';
export { default as AccountMenu } from './shell/AccountMenu.svelte';
export { default as GoKeys } from './shell/GoKeys.svelte';
export { default as KeysDialog } from './shell/KeysDialog.svelte';
export { default as LostDialog } from './shell/LostDialog.svelte';
export { default as LeaveDialog } from './shell/LeaveDialog.svelte';
export { default as SideRows } from './shell/SideRows.svelte';
export { default as Switcher } from './shell/Switcher.svelte';
export { default as UnsentDialog } from './shell/UnsentDialog.svelte';
export { default as ActivityCount } from './activity/ActivityCount.svelte';
export { default as ActivityPage } from './activity/ActivityPage.svelte';
export { default as LevelMenu } from './details/LevelMenu.svelte';
export { default as SavedPage } from './kept/SavedPage.svelte';
export { default as PersonCard } from './people/PersonCard.svelte';
export { default as ProfilePane } from './people/ProfilePane.svelte';
export { default as StatusDialog } from './people/StatusDialog.svelte';
export { default as PersonFace } from './presence/PersonFace.svelte';
export { default as Typing } from './presence/Typing.svelte';
export { default as AskDialog } from './parts/AskDialog.svelte';
export { default as Projector } from './projector/Projector.svelte';
