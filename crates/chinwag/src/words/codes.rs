//! The stable codes of problems: the code that programs decide by, the HTTP status, and the
//! sentence.
//!
//! The page at `/api/docs` lists them all, so that the address in a problem's `type` leads to its
//! explanation.

use crate::model::users::Language;

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident: $code:literal, $status:literal, $english:literal, $chinese:literal;)*) => {
        /// What went wrong, for programs. The meaning of a code never changes.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Code {
            $($(#[$doc])* $name,)*
        }

        impl Code {
            /// Every code, in the order in which they are explained.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// The code on the wire.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $code,)* }
            }

            /// The HTTP status that goes with it.
            #[must_use]
            pub const fn status(self) -> u16 {
                match self { $(Self::$name => $status,)* }
            }

            /// The sentence; a word in braces stands for a value of the individual problem.
            #[must_use]
            pub const fn sentence(self, language: Language) -> &'static str {
                match (self, language) {
                    $((Self::$name, Language::English) => $english,
                      (Self::$name, Language::Chinese) => $chinese,)*
                }
            }
        }
    };
}

codes! {
    /// Nobody is signed in.
    NotSignedIn: "not_signed_in", 401, "You are not logged in.", "您尚未登录。";
    /// Somebody holds the name, and it has no password; or it is kept for whoever had it lately.
    NameTaken: "name_taken", 409,
        "That name is taken. If it is yours, set a password in the browser where you are signed in.",
        "该名称已被使用。如果是您的名称，请在已登录的浏览器中设置密码。";
    /// The name looks like one that somebody holds or had lately.
    NameAlike: "name_alike", 409,
        "Somebody has a name that looks like this one. Choose a name that differs more.",
        "已有人的名称与此名称看起来太相似，请换一个区别更明显的名称。";
    /// Somebody holds the name, and it has a password.
    PasswordRequired: "password_required", 409,
        "That name is taken. If it is yours, enter its password.",
        "该名称已被使用。如果是您的名称，请输入密码。";
    /// The password is wrong.
    WrongPassword: "wrong_password", 403,
        "That is not the password. Try again.", "密码不正确，请重试。";
    /// The account is deactivated; only whoever proved that it is theirs is told.
    Deactivated: "deactivated", 403,
        "This account is deactivated. Ask the owner or a moderator.",
        "此账户已停用。如有疑问，请联系所有者或管理员。";
    /// A picture cannot be used for a person.
    BadPicture: "bad_picture", 422,
        "That file is not a picture that can be used. Choose a JPEG, PNG, GIF or WebP.",
        "该文件不是可用的图片，请选择 JPEG、PNG、GIF 或 WebP。";
    /// Somebody new needs a password.
    PasswordNeeded: "password_needed", 422,
        "Names here have a password. Choose one with at least 8 characters.",
        "这里的名称需要密码，请设置一个至少 8 个字符的密码。";
    /// Somebody new comes in by an invite only.
    InviteNeeded: "invite_needed", 403,
        "People come in by invite here. Open the link that you were given, or ask somebody who is in.",
        "这里仅限受邀者加入。请打开您收到的邀请链接，或向已加入的人询问。";
    /// Nobody new comes in for now.
    DoorClosed: "door_closed", 403,
        "The door is closed: nobody new comes in for now. Ask whoever invited you to open it, then try again.",
        "门已关闭，目前不接受新成员。请联系邀请您的人开门，然后重试。";
    /// The invite has ended, or there is none.
    InviteEnded: "invite_ended", 404,
        "This invite has ended. Ask whoever gave it to you for a new one.",
        "此邀请已失效，请向给您邀请的人索取新的邀请。";
    /// There is no such short code, or it is not shown any more.
    WrongCode: "wrong_code", 404,
        "That code does not work. Look at the screen again: codes end when it is switched off.",
        "此邀请码无效。请再看一下屏幕：屏幕关闭后邀请码就会失效。";
    /// As many names wait at the door as may.
    DoorCrowded: "door_crowded", 503,
        "So many people wait at the door that no more fit. Try again in a while.",
        "门口等待的人太多，请稍后再试。";
    /// The visit of the guest has ended.
    VisitEnded: "visit_ended", 403,
        "Your visit has ended. Open a new invite to come back under this name.",
        "您的访问已结束。请通过新的邀请以此名称返回。";
    /// The visit of the guest has not ended, so the name is theirs.
    VisitGoesOn: "visit_goes_on", 409,
        "The visit has not ended, so the name is theirs.",
        "此访问尚未结束，该名称仍属于对方。";
    /// The place has an owner already.
    HasOwner: "has_owner", 409,
        "This place has an owner already.", "此空间已有所有者。";
    /// The sign-in link was used or has ended, or there is none.
    LinkEnded: "link_ended", 404,
        "This sign-in link was used or has ended. Ask for a new one.",
        "此登录链接已使用或已失效，请重新索取。";
    /// The person may not do that.
    Forbidden: "forbidden", 403, "You may not do that.", "您没有权限执行此操作。";
    /// The bot token only reads.
    TokenReads: "token_reads", 403,
        "This bot token only reads. Make one that writes too in Settings, under Bots.",
        "此机器人令牌只能读取。请在“设置”的“机器人”中创建可以写入的令牌。";
    /// The person is not in the channel.
    NotInside: "not_inside", 403,
        "You are not in this channel. Join it first.", "您不在这个频道中，请先加入。";
    /// Only hosts write in the channel.
    HostsWrite: "hosts_write", 403,
        "Only hosts write here.", "仅主持人可在此发言。";
    /// The person is muted there or everywhere.
    Muted: "muted", 403,
        "You are muted. You can read, not write. Ask a host or a moderator.",
        "您已被禁言，可以阅读但不能发言。如有疑问，请联系主持人或管理员。";
    /// Everybody but the hosts is muted.
    AllMuted: "all_muted", 403,
        "Everybody is muted. Listen until a host ends that.", "全员禁言中，请等待主持人解除。";
    /// The channel is locked.
    Locked: "locked", 403,
        "This channel is locked. Hosts can open it again.", "此频道已锁定，主持人可以重新开放。";
    /// The channel is archived.
    Archived: "archived", 403,
        "This channel is archived. A host can bring it back.",
        "此频道已归档，主持人可以恢复。";
    /// The other person of a direct conversation takes no messages.
    Unreachable: "unreachable", 403,
        "You cannot write to this person.", "您无法给此人发私信。";
    /// The person is the last owner.
    LastOwner: "last_owner", 409,
        "A place has an owner. Make somebody else owner first.",
        "空间必须有一位所有者，请先指定另一位所有者。";
    /// Slow mode; `retry_after_s` says when the person may write again.
    Slow: "slow", 429,
        "This channel is in slow mode. You can write again in {seconds} s.",
        "此频道处于慢速模式，您可在 {seconds} 秒后再次发言。";
    /// The request was made by a page of another site.
    CrossSite: "cross_site", 403,
        "The request came from another site. Open this one and try again.",
        "请求来自其他网站。请打开本站后重试。";
    /// The request is for a name that the server does not answer to.
    UnknownHost: "unknown_host", 421,
        "This server does not answer to the name {name}. Whoever runs it can allow it: start it with --allowed-host {name}, or with --public-url if people come by that address.",
        "此服务器不响应名称 {name}。管理员可以允许它：启动时加上 --allowed-host {name}；如果这就是大家使用的地址，请加上 --public-url。";
    /// The request names no host, or several.
    BadHost: "bad_host", 400,
        "The request must name one host, in one Host header.",
        "请求必须用一个 Host 标头指明一个主机。";
    /// The browser has not shown that it keeps cookies.
    NoCookies: "no_cookies", 403,
        "Your browser does not keep this site’s cookies, so you could not stay signed in. Allow cookies for this address and try again. The name was not taken.",
        "您的浏览器没有保存本站的 Cookie，因此无法保持登录。请允许此地址使用 Cookie 后重试。名称未被占用。";
    /// The same, over http, where browsers do not keep the server's cookies because they are for
    /// https.
    HttpsOnly: "https_only", 403,
        "You opened this page over http, where browsers do not keep its cookies, so you could not stay signed in. Open {url} and try again. The name was not taken.",
        "您通过 http 打开了此页面，浏览器不会在这里保存它的 Cookie，因此无法保持登录。请打开 {url} 后重试。名称未被占用。";
    /// There is no such thing.
    NotFound: "not_found", 404, "There is nothing at this address.", "此地址没有内容。";
    /// The address is there, but not for this method.
    BadMethod: "bad_method", 405,
        "This address does not take that method.", "此地址不支持该请求方法。";
    /// The request does not have the form that it needs.
    BadRequest: "bad_request", 400,
        "The request is not of the form it needs: {why}", "请求格式不正确：{why}";
    /// The body is of another media type.
    Unsupported: "unsupported", 415,
        "The request is not of the form it needs: {why}", "请求格式不正确：{why}";
    /// The request is in another version of the upload protocol.
    UnsupportedVersion: "unsupported_version", 412,
        "The request is not of the form it needs: {why}", "请求格式不正确：{why}";
    /// The request came too slowly.
    TooSlow: "too_slow", 408,
        "Too little came for too long, so the request was ended. Try again when the line is better.",
        "数据传输过慢，请求已中断。请在网络恢复后重试。";
    /// A field breaks a rule; `field` names it.
    Invalid: "invalid", 422,
        "The field “{field}” is missing or does not have the form it needs.",
        "字段“{field}”缺失或格式不正确。";
    /// A message with nothing to see.
    EmptyText: "empty_text", 422, "There is nothing to send.", "没有可发送的内容。";
    /// A text with too many characters.
    TooLong: "too_long", 422,
        "That is too long. The most is {max} characters.", "内容过长，上限为 {max} 个字符。";
    /// There is a channel with that name.
    ChannelExists: "channel_exists", 409,
        "Channel {name} already exists.", "频道 {name} 已存在。";
    /// A channel's name looks like the new one's.
    ChannelAlike: "channel_alike", 409,
        "A channel has a name that looks like this one. Choose a name that differs more.",
        "已有频道的名称与此名称看起来太相似，请换一个区别更明显的名称。";
    /// The person is the last host of the channel.
    LastHost: "last_host", 409,
        "A channel needs a host. Name another one first.",
        "频道需要至少一位主持人，请先指定另一位。";
    /// The person is kept out of the channel.
    KeptOut: "kept_out", 409,
        "They are kept out of this channel. A host can let them back in.",
        "此人已被禁止进入该频道，主持人可以解除。";
    /// The message was edited since the client saw it.
    EditedMeanwhile: "edited_meanwhile", 409,
        "The message was edited in another window meanwhile. Look at it again, then save.",
        "这条消息已在另一个窗口中被修改。请先查看，再保存。";
    /// The time in which authors may change their messages is over.
    EditTooLate: "edit_too_late", 403,
        "This message can no longer be edited here.",
        "这条消息已超过可编辑的时间。";
    /// The message that was to be quoted was deleted or cleared, or there is none.
    QuotedGone: "quoted_gone", 409,
        "The message that you quote is not there any more.",
        "您引用的消息已不存在。";
    /// The key of the message was used for another message.
    KeyReused: "key_reused", 409,
        "That key was used for another message. Make a new key for each message.",
        "该键已用于另一条消息。每条消息请使用新的键。";
    /// The message was written by somebody else than the session's person.
    OtherSender: "other_sender", 409,
        "Somebody else wrote this and is not logged in here now. Copy it, or log in with the name that wrote it.",
        "这条消息由另一个人撰写，当前登录的不是此人。请复制内容，或以撰写者的名称登录。";
    /// The message was written for another installation, or before this one was restored.
    OtherInstance: "other_instance", 409,
        "The server's data was replaced or restored after this was written. Look at the channel, then send it again or copy it.",
        "写下这条消息后，服务器的数据被更换或恢复过。请先查看频道，再重新发送或复制内容。";
    /// Too often; `retry_after_s` says when it may work again.
    TooMany: "too_many", 429,
        "That was too often. Try again in {seconds} s.", "操作过于频繁，请在 {seconds} 秒后重试。";
    /// More of something than one person may have.
    TooManyOf: "too_many_of", 409,
        "You have {max} of these, which is the most. Remove one first.",
        "最多只能有 {max} 个，请先移除一个。";
    /// The file or the request is too large.
    TooLarge: "too_large", 413,
        "The file is too large. The most is {size}.", "文件过大，上限为 {size}。";
    /// The file has no bytes.
    EmptyFile: "empty_file", 422,
        "The file is empty. Choose one that holds something.", "该文件为空，请选择有内容的文件。";
    /// Another request is sending the same upload.
    UploadHeld: "upload_held", 423,
        "Another request is at this upload. Try again in a moment.",
        "该上传正由另一个请求处理，请稍后再试。";
    /// The files of one person take as much as they may.
    QuotaReached: "quota_reached", 409,
        "Your files take as much as they may ({size}). Delete messages with files, or send it without.",
        "您的文件已用满 {size} 的空间。请删除一些带文件的消息，或不附文件发送。";
    /// Files may take no more of the server's disk.
    StorageLow: "storage_low", 507,
        "The server keeps the rest of its disk for messages and takes no files now. Tell whoever runs it; \
         messages without files go on.",
        "服务器剩余的磁盘空间留给消息，暂不接收文件。请告知管理员；不带文件的消息可照常发送。";
    /// Bytes of a file do not fit their checksum.
    ChecksumMismatch: "checksum_mismatch", 460,
        "The bytes were changed on the way, so none of them was kept. Send them again.",
        "数据在传输中被改动，未予保存。请重新发送。";
    /// The bytes do not go on where the upload stopped.
    WrongOffset: "wrong_offset", 409,
        "The upload goes on at byte {offset}. Send what comes from there.",
        "上传应从第 {offset} 字节继续，请从该处发送。";
    /// The disk takes no more.
    StorageFull: "storage_full", 507,
        "The server's disk is full or takes no more, so nothing was stored. Tell whoever runs it.",
        "服务器磁盘已满或无法写入，内容未保存。请告知管理员。";
    /// The data on the disk is not what was written.
    Damaged: "damaged", 503,
        "The server's data is damaged, so that was not possible. Tell whoever runs it.",
        "服务器数据已损坏，无法完成操作。请告知管理员。";
    /// The server has as much in progress as it can carry: connections, bodies or answers.
    Crowded: "crowded", 503,
        "The server has as much under way as it can carry. Try again in a moment.",
        "服务器正在处理的请求过多，请稍后再试。";
    /// The server is busy; the same request may work a moment later.
    Unavailable: "unavailable", 503,
        "The server is busy. Try again in a moment.", "服务器繁忙，请稍后再试。";
    /// A fault of the server.
    Internal: "internal", 500,
        "Something went wrong on the server. Try again; if it stays, tell whoever runs it.",
        "服务器出错了。请重试；如果问题持续，请告知管理员。";
}
