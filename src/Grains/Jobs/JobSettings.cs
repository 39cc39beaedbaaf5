namespace TokenActors.Grains.Jobs;

/// <param name="ExecutionTime">that an executor has; less than a grain call may take</param>
public sealed record JobSettings(TimeSpan ExecutionTime)
{
    public static readonly JobSettings Default = new(TimeSpan.FromSeconds(25));
}
