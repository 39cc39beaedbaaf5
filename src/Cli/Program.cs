using TokenActors.Cli;
using TokenActors.Cli.Foundation;

using var terminal = Terminal.OfProcess();
return await CommandLine.Run(args, terminal, TimeProvider.System);
