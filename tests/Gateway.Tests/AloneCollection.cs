namespace TokenActors.Gateway.Tests;

/// <summary>For tests that measure processor and memory, which are those of the whole process: nothing runs beside
/// them.</summary>
[CollectionDefinition("alone", DisableParallelization = true)]
public sealed class AloneCollection;
