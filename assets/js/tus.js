// The client of resumable uploads, for pages on which a file is chosen: it is fetched by upload.js alone.
import { Upload } from "tus-js-client";

window.TusUpload = Upload;
