/** The published shapes, by the names of the server's OpenAPI document; `npm run types` writes this file anew from it. */
export interface components {
  schemas: {
    User: { id: number; name: string };
    Settings: { language: 'auto' | 'en' | 'zh'; theme: 'auto' | 'light' | 'dark'; enter_sends: boolean };
    Me: {
      id: number;
      name: string;
      created_at: string;
      has_password: boolean;
      last_channel: number | null;
      settings: components['schemas']['Settings'];
    };
    MessageSummary: { number: number; author: components['schemas']['User']; text: string; created_at: string };
    ChannelInfo: {
      id: number;
      name: string;
      topic: string;
      created_at: string;
      created_by: components['schemas']['User'];
      member_count: number;
      revision: number;
      last_number: number;
      last_message: components['schemas']['MessageSummary'] | null;
    };
    Channel: components['schemas']['ChannelInfo'] & { member: boolean; read_number: number };
    Attachment: {
      id: string;
      name: string;
      size: number;
      type: string;
      width: number | null;
      height: number | null;
      thumbnail: boolean;
    };
    Message: {
      channel: number;
      number: number;
      revision: number;
      key: string;
      author: components['schemas']['User'];
      text: string;
      created_at: string;
      deleted_at: string | null;
      attachments: components['schemas']['Attachment'][];
    };
    MessagePage: {
      channel: number;
      revision: number;
      last_number: number;
      messages: components['schemas']['Message'][];
      has_older: boolean;
      has_newer: boolean;
    };
    Changes: {
      channel: number;
      revision: number;
      messages: components['schemas']['Message'][];
      complete: boolean;
    };
    Members: { members: components['schemas']['User'][]; total: number };
    Session: {
      id: number;
      current: boolean;
      browser: string;
      address: string;
      created_at: string;
      seen_at: string;
    };
    Token: { id: number; name: string; created_at: string; used_at: string | null };
    NewToken: components['schemas']['Token'] & { token: string };
    Workspace: { name: string; upload_limit_bytes: number; text_limit: number; version: string };
    Flash: { kind: 'ok' | 'info' | 'warn' | 'bad'; text: string };
    Page:
      | { kind: 'sign_in'; next: string | null }
      | { kind: 'channels' }
      | { kind: 'channel'; channel: number; messages: components['schemas']['MessagePage']; read_number: number }
      | { kind: 'missing_channel'; name: string }
      | { kind: 'settings' };
    State: {
      workspace: components['schemas']['Workspace'];
      me: components['schemas']['Me'] | null;
      channels: components['schemas']['Channel'][];
      page: components['schemas']['Page'];
      flashes: components['schemas']['Flash'][];
      language: 'auto' | 'en' | 'zh';
    };
    Problem: {
      type: string;
      title: string;
      status: number;
      detail: string;
      code: string;
      field?: string | null;
      retry_after_s?: number | null;
    };
  };
}
