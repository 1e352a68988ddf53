export { Follower, type Replay, type Room, type RoomEvent } from "./follower";
export { EventStream, type LineState, type StreamOptions } from "./stream";
