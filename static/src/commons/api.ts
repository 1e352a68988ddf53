/** Requests to `/api/v1/` from the page's own session. Refusals arrive as `ApiError` with the server's code. */

import { t } from "./i18n";
import { isRecord, list, textOr } from "./parse";

type Fields = Readonly<Record<string, readonly string[]>>;

/** A request that was refused or did not get through. `message` is meant for people and in their language. */
export class ApiError extends Error {
  override readonly name = "ApiError";

  constructor(
    /** The server's code, or `network`, `unreadable` when there was no answer to read. */
    readonly code: string,
    /** HTTP status; 0 when nothing answered. */
    readonly status: number,
    message: string,
    /** What is wrong with each field, by its name. */
    readonly fields: Fields = {},
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

export interface RequestOptions {
  readonly method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Sent as JSON; the fields of a page's own form as they are. */
  readonly body?: unknown;
  readonly signal?: AbortSignal;
  readonly send?: typeof fetch;
}

/** Asks `url` and reads the answer with `parse`; whatever `parse` throws becomes an `unreadable` ApiError. */
export async function request<T>(url: string, parse: (value: unknown) => T, options: RequestOptions = {}): Promise<T> {
  const answer = await send(url, options);
  if (!answer.ok) throw await refusal(answer);
  try {
    return parse(answer.status === 204 ? null : ((await answer.json()) as unknown));
  } catch (error) {
    if (options.signal?.aborted) throw error;
    throw new ApiError("unreadable", answer.status, t("error.unreadable"), {}, { cause: error });
  }
}

/** Django's CSRF token, from its cookie or, where the cookie is hidden, from any form of the page. */
export function csrfToken(): string {
  const cookie = /(?:^|;\s*)csrftoken=([^;]+)/.exec(document.cookie)?.[1];
  if (cookie) return decodeURIComponent(cookie);
  const input = document.querySelector('input[name="csrfmiddlewaretoken"]');
  return input instanceof HTMLInputElement ? input.value : "";
}

async function send(url: string, { method = "GET", body, signal, send: post = fetch }: RequestOptions): Promise<Response> {
  const headers: Record<string, string> = { Accept: "application/json" };
  const isForm = body instanceof URLSearchParams;
  if (body !== undefined && !isForm) headers["Content-Type"] = "application/json";
  if (method !== "GET") headers["X-CSRFToken"] = csrfToken();
  try {
    return await post(url, {
      method,
      headers,
      credentials: "same-origin",
      ...(body !== undefined && { body: isForm ? body : JSON.stringify(body) }),
      ...(signal && { signal }),
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new ApiError("network", 0, t("error.network"), {}, { cause: error });
  }
}

async function refusal(answer: Response): Promise<ApiError> {
  let told: unknown = null;
  try {
    told = await answer.json();
  } catch {
    // A proxy's page, not our answer: the status says enough.
  }
  if (!isRecord(told)) return new ApiError("unknown", answer.status, t("error.unknown"));
  const message = textOr(told["message"], "") || t("error.unknown");
  return new ApiError(textOr(told["code"], "unknown"), answer.status, message, fields(told["fields"]));
}

function fields(value: unknown): Fields {
  if (!isRecord(value)) return {};
  return Object.fromEntries(
    Object.entries(value).map(([name, errors]) => [name, list(Array.isArray(errors) ? errors : [errors]).map(String)]),
  );
}
