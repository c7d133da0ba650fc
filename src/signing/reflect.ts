/**
 * What @peculiar/x509 needs before it is evaluated. A file that imports x509 imports this first, and not the package
 * itself: in the executable, modules of a command that is loaded late are evaluated before the CommonJS packages
 * beside them, so that `import "reflect-metadata"` above x509 would come after it.
 */
import "reflect-metadata";
