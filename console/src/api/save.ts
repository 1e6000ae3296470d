/** Milliseconds after which the browser has begun to read what it saves. */
const READ_BY = 10_000;

/** Saves something as a file, as a download does. */
export function saveBlob(content: Blob, fileName: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(content);
  link.download = fileName;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), READ_BY);
}

export const saveText = (text: string, fileName: string): void =>
  saveBlob(new Blob([text], { type: 'text/plain' }), fileName);
