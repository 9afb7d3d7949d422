/** A square of the middle of a picture, small enough to be sent at once. It is drawn anew, so nothing else of the file leaves. */

/** The side of the square, in pixels. The server makes smaller ones of it. */
const SIDE = 432;
const QUALITY = 0.92;

/** `null` when the browser cannot read the file as a picture. */
export async function squareOf(file: Blob): Promise<Blob | null> {
  try {
    const picture = await createImageBitmap(file);
    const side = Math.min(picture.width, picture.height);
    const target = Math.min(side, SIDE);
    const canvas = document.createElement('canvas');
    canvas.width = canvas.height = target;
    const context = canvas.getContext('2d');
    if (context === null) return null;
    context.imageSmoothingQuality = 'high';
    const [left, top] = [(picture.width - side) / 2, (picture.height - side) / 2];
    context.drawImage(picture, left, top, side, side, 0, 0, target, target);
    picture.close();
    // What can be seen through stays so.
    const type = file.type === 'image/jpeg' ? 'image/jpeg' : 'image/png';
    return await new Promise((resolve) => canvas.toBlob(resolve, type, QUALITY));
  } catch {
    return null;
  }
}
