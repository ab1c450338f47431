// Makes a photo small enough for a weak line before it is sent: at most 2,000 pixels on its longer side, as JPEG. Gives
// the file itself when it is no photo, small already, or cannot be read here.

const SMALL_BYTES = 700 * 1024;
const LONGEST_PIXELS = 2000;
const QUALITY = 0.82;

export async function shrink(file) {
  if (!["image/jpeg", "image/png"].includes(file.type) || file.size <= SMALL_BYTES) return file;
  try {
    const picture = await createImageBitmap(file);
    const scale = Math.min(1, LONGEST_PIXELS / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.width * scale);
    canvas.height = Math.round(picture.height * scale);
    const pen = canvas.getContext("2d");
    pen.fillStyle = "#fff"; // what was transparent is paper
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
    if (!blob || blob.size >= file.size) return file;
    return new File([blob], file.name.replace(/\.[^.]*$/, "") + ".jpg", { type: "image/jpeg" });
  } catch {
    return file;
  }
}
