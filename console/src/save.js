// Files that the page gives to the browser to keep.
import { api } from "./api.js";

/** `content`: a Blob, or a text. */
export function save(content, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(content instanceof Blob ? content : new Blob([content], { type: "text/plain" }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
}

/** What is due and the meetings to come, for a calendar program. */
export const saveCalendar = async () => save(await api("calendar"), "parley.ics");
