using TokenActors.Demo;
using TokenActors.Hosting.Configuration;

ProgramCulture.SetInvariant();
if (args is not [var folder])
{
    await Console.Error.WriteLineAsync("usage: tokenactors-demo FOLDER");
    return 2;
}

if (Path.Exists(folder))
{
    await Console.Error.WriteLineAsync($"{folder} is there already. Serve it, or remove it first: nothing is written over it.");
    return 1;
}

// Made beside it, so that what was cut off is not taken for a demonstration.
var unfinished = $"{folder.TrimEnd(Path.DirectorySeparatorChar)}.unfinished";
if (Directory.Exists(unfinished))
{
    Directory.Delete(unfinished, recursive: true);
}

// The service greets who starts it, with an address that is gone in a moment.
Console.SetOut(TextWriter.Null);
await using (var service = await DemoService.Start(unfinished))
{
    await new Story(service).Tell();
    service.KeepSecrets();
}

Directory.Move(unfinished, folder);
return 0;
